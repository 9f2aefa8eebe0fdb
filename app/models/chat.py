"""What the chat model has cost."""

from datetime import date

from sqlalchemy import BigInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class ChatUsage(Base):
    """The tokens of one day (UTC) and their cost, by whose they are; what is set aside for calls counts apart."""

    __tablename__ = "chat_usage"
    charge_to: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    calls: Mapped[int] = mapped_column(server_default=text("0"))
    tokens_in: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    tokens_out: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    tokens_reserved: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    cost: Mapped[float] = mapped_column(server_default=text("0"))
    cost_reserved: Mapped[float] = mapped_column(server_default=text("0"))
