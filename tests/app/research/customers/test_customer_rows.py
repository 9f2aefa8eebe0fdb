"""Tables of one row a customer, of all makes."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from table_sample import facts_of, problems_of, table_of

from app.errors import InvalidInputError

GERMAN = """Kunden-Nr.;Erstkauf;Käufe;Umsatz (EUR);Kundenwert;Ort;E-Mail
K-1;01.02.2025;3;1.234,56 €;2.000,00 €;Köln;a@b.de
k-1 ;01.02.2025;3;1.234,56 €;2.000,00 €;Köln;a@b.de
K-2;31.12.2030;x;-12,00;;Bonn;
;01.01.2025;1;5,00;5,00;;
K-3;99.99.2025;1,5;abc;12,50;=HYPERLINK("x");
K-4;1.3.25;2;12.345,00;(5,00);;;;zu viel
K-1;1.3.25;2;12.345,00;5,00
"""


def test_a_german_table_from_excel() -> None:
    """Semicolons, decimal commas, thousands, dates and an old encoding; every problem with its lines."""
    table = table_of(GERMAN.encode("cp1252"))
    facts = facts_of(table)
    assert list(facts) == ["K-1", "K-2", "K-3"]
    first = facts["K-1"]
    assert (first.ltv_eur, first.revenue_eur, first.purchases) == (Decimal("2000.00"), Decimal("1234.56"), 3)
    assert (first.first_purchase, first.attributes) == (date(2025, 2, 1), {"Ort": "Köln"})
    assert (facts["K-2"].revenue_eur, facts["K-2"].ltv_eur, facts["K-2"].purchases) == (Decimal("-12.00"), None, None)
    assert facts["K-3"].revenue_eur is None
    assert problems_of(table) == {
        "missing_id": (5,),
        "wrong_width": (7,),
        "other_spelling": (3,),
        "repeated": (3,),
        "duplicate": (8,),
        "unreadable_number": (4, 6),
        "negative_value": (4,),
        "unreadable_date": (6,),
        "future_date": (4,),
        "missing_ltv": (4,),
    }
    assert table.named["customer_id"] == "Kunden-Nr."
    assert table.columns.left_out == ("E-Mail",)
    assert any("cp1252" in note for note in table.notes)


@pytest.mark.parametrize(
    "content",
    [
        "customer_id,ltv\nA,12.50\n",
        "\ufeffcustomer_id\tLTV\nA\t12.50\n",
        "sep=|\n\nID cliente|Valor de vida\nA|12,50\n",
        '"customer id";"LTV (€)"\r\n"A";"12,50 €"\r\n',
        "CustomerId,CLV\nA,$12.50\n",
        '"LTV, total, in EUR";"Kunden, Nr."\n12,50;A\n',
        "LTV;Kunde\n12,50;A\n",
    ],
)
def test_tables_of_other_makes(content: str) -> None:
    """Any delimiter, mark and language, also as Excel declares it; a dollar is worth what was said."""
    (customer,) = table_of(content, rates={"USD": 1}).told.customers
    assert (customer.code, customer.ltv_eur) == ("A", Decimal("12.50"))


def test_several_rows_of_a_customer_may_be_orders() -> None:
    """Which is said, and can be said to the import."""
    content = "Kunde;Umsatz;Datum\nA;5,00;1.2.2025\nA;7,00;2.2.2025\n"
    table = table_of(content)
    assert table.told.customers[0].revenue_eur == Decimal("5.00")
    assert any("--map amount=COLUMN" in note for note in table.notes)
    (customer,) = table_of(content, mapping={"amount": "Umsatz"}).told.customers
    assert (customer.revenue_eur, customer.purchases) == (Decimal("12.00"), 2)


def test_other_currencies_need_a_rate() -> None:
    """By cell, by column, by the column's name; without a rate, or where two contradict, money is unknown."""
    content = "customer_id,LTV USD,revenue,currency\nA,10,20,\nB,10,20,GBP\nC,10,€20,USD\nD,10,30,EUR\n"
    unrated = table_of(content)
    assert [(each.ltv_eur, each.revenue_eur) for each in unrated.told.customers] == [
        (None, Decimal("20.00")),
        (None, None),
        (None, None),
        (Decimal("10.00"), Decimal("30.00")),
    ]
    assert problems_of(unrated)["unknown_currency"] == (2, 3, 4)
    assert any("GBP, USD" in note for note in unrated.notes)
    rated = table_of(content, rates={"USD": "0.925", "GBP": "1.2"})
    assert [each.ltv_eur for each in rated.told.customers] == [Decimal("9.25"), Decimal("12.00"), Decimal("9.25"), 10]
    assert problems_of(rated) == {"unknown_currency": (4,)}


def test_the_lifetime_value_is_never_guessed() -> None:
    """Without a column nobody has one; revenue stands for it only where somebody says so."""
    content = "customer_id,revenue\nA,10\nB,\n"
    assert [each.ltv_eur for each in table_of(content).told.customers] == [None, None]
    told = table_of(content, ltv_from_revenue=True)
    assert [each.ltv_eur for each in told.told.customers] == [Decimal("10.00"), None]
    assert problems_of(told) == {"missing_ltv": (3,)}
    for both in ("customer_id,ltv,revenue\nA,1,2\n", "customer_id,ltv\nA,1\n"):
        with pytest.raises(InvalidInputError):
            table_of(both, ltv_from_revenue=True)


@pytest.mark.parametrize(
    ("content", "settings", "fault"),
    [
        ("", {}, "empty"),
        (" \n\n", {}, "empty"),
        ("customer_id,ltv\n", {}, "no rows"),
        ("customer_id,ltv\n,5\n", {}, "no row says"),
        ("".join(map(chr, range(32))) * 20, {}, "not a text file"),
        ("PK\x03\x04", {}, "Excel workbook"),
        ('customer_id,ltv\nA,"12\nB,3\n', {}, "file.csv:2: this is not CSV"),
        ("customer_id,ltv\nA,1.234\nB,12\n", {}, "file.csv:2: nothing says whether a point or a comma"),
        ("customer_id,ltv,first purchase\nA,1,01/02/2025\n", {}, "file.csv:2: nothing says which number"),
        ("customer_id,ltv\nA,12,50\nB,1,00\n", {}, "file.csv:2: the rows have more cells"),
        ("Kunde,Total\nA,5\n", {}, "no column is recognised as ltv_eur"),
        ("foo,bar\n1,2\n", {}, "the columns are 'foo', 'bar'"),
        ("customer_id,Revenue,Umsatz\n1,2,3\n", {}, "'Revenue' and 'Umsatz' both look like revenue_eur"),
        ("customer_id,Land\n1,2\n", {}, "no column is recognised as ltv_eur"),
        ("customer_id,ltv\n1,2\n", {"mapping": {"ltv_eur": "LTW"}}, "did you mean 'ltv'?"),
        ("customer_id,ltv\n1,2\n", {"mapping": {"ltv_eur": "ltv", "revenue_eur": "LTV"}}, "named twice"),
        ("customer_id,a,b\n1,2,3\n", {"mapping": {"ltv_eur": "a", "amount": "b"}}, "belong to orders and to customers"),
        (",".join(f"c{n}" for n in range(201)) + "\n", {}, "more than 200 columns"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(content: str, settings: dict[str, Any], fault: str) -> None:
    """With the place and the remedy, and nothing of it is used."""
    with pytest.raises(InvalidInputError) as refusal:
        table_of(content, **settings)
    assert fault in " ".join(map(str, refusal.value.faults))


def test_what_is_ambiguous_can_be_said() -> None:
    """Which mark is decimal, which number is the day, in which currency the file is, which column holds what."""
    content = "who,worth,since\nA,1.234,01/02/2025\n"
    mapping = {"customer_id": "WHO", "ltv_eur": "worth", "first_purchase": "since"}
    (comma,) = table_of(content, mapping=mapping, decimal_mark="comma", date_order="mdy").told.customers
    assert (comma.ltv_eur, comma.first_purchase) == (Decimal("1234.00"), date(2025, 1, 2))
    (point,) = table_of(
        content, mapping=mapping, decimal_mark="point", date_order="dmy", currency="USD", rates={"USD": 2}
    ).told.customers
    assert (point.ltv_eur, point.first_purchase) == (Decimal("2.47"), date(2025, 2, 1))


def test_a_column_that_leaves_its_mark_open_follows_the_others() -> None:
    """1.234 is a thousand and more where another column has decimal commas."""
    (customer,) = table_of("customer_id;ltv;revenue\nA;1.234;5,50\n").told.customers
    assert (customer.ltv_eur, customer.revenue_eur) == (Decimal("1234.00"), Decimal("5.50"))
