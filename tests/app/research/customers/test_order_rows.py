"""Tables of one row an order: sales, refunds, repetitions, currencies."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from table_sample import facts_of, problems_of, table_of

ORDERS = """order_id,customer,date,amount,currency,type
1,A,2025-01-01,100.00,EUR,sale
1,A,2025-01-05,150.00,EUR,refund
2,a,2025-02-01,20.00,USD,sale
3,B,2025-02-01,50.00,,sale
3,B,2025-02-01,50.00,,sale
3,C,2025-02-01,9,EUR,sale
4,C,2025-03-01,9,EUR,Storniert
5,D,2025-13-01,,EUR,sale
6,E,2031-01-01,10,EUR,gift
7,F,2025-01-01,30,EUR,
8,F,2025-01-02,-40,EUR,
9,F,2025-01-03,12,EUR,
9,F,2025-01-04,-2,EUR,Rückerstattung
9,F,2025-01-05,-2,EUR,Rückerstattung
9,F,2025-01-05,-2,EUR,Rückerstattung
"""


def test_orders_add_up_to_customers() -> None:
    """By hand: A 100 - 150 + 18; B 50 once; C nothing that counts; D unknown; F 30 - 40 + 12 - 2 - 2."""
    table = table_of(ORDERS, rates={"USD": "0.9"})
    assert (table.columns.shape, table.told.rows, table.told.orders, table.told.refunds) == ("orders", 15, 7, 4)
    told = {code: (each.revenue_eur, each.purchases) for code, each in facts_of(table).items()}
    assert told == {
        "A": (Decimal("-32.00"), 2),
        "B": (Decimal("50.00"), 1),
        "C": (Decimal(0), 0),
        "D": (None, 1),
        "E": (Decimal("10.00"), 1),
        "F": (Decimal("-2.00"), 2),
    }
    assert facts_of(table)["A"].first_purchase == date(2025, 1, 1)
    assert facts_of(table)["A"].attributes == {"last_purchase": "2025-02-01"}
    assert facts_of(table)["E"].first_purchase is None
    assert problems_of(table) == {
        "other_spelling": (4,),
        "repeated": (6, 16),
        "duplicate": (7,),
        "missing_amount": (9,),
        "negative_total": (2, 11),
        "unreadable_date": (9,),
        "future_date": (10,),
        "cancelled": (8,),
        "unknown_type": (10,),
    }


def test_money_that_is_not_wholly_known_is_unknown() -> None:
    """An order in a currency without a rate leaves the customer without revenue, never with too little."""
    table = table_of(ORDERS)
    assert facts_of(table)["A"].revenue_eur is None
    assert facts_of(table)["A"].purchases == 2
    assert table.given == {"purchases", "revenue_eur", "first_purchase"}


def test_without_ids_of_orders_rows_count_each() -> None:
    """Two alike are two; so they are where the ids are said to be none."""
    content = "customer,date,amount\nA,2025-01-01,5\nA,2025-01-01,5\n"
    assert facts_of(table_of(content))["A"].revenue_eur == Decimal("10.00")
    articles = "order_id,customer,amount\n1,A,5\n1,A,7\n"
    assert facts_of(table_of(articles))["A"].revenue_eur == Decimal("5.00")
    assert facts_of(table_of(articles, mapping={"order_id": "", "amount": "amount"}))["A"].revenue_eur == 12


def test_sums_that_nobody_pays_are_unknown() -> None:
    """Neither one amount after its rate nor all together break what stores them."""
    orders = "order_id,customer,amount,currency\n" + "".join(f"{n},A,9999999999,EUR\n" for n in range(3))
    table = table_of(orders + "9,B,9999999999,USD\n", rates={"USD": 1_000_000})
    assert [each.revenue_eur for each in table.told.customers] == [None, None]
    assert problems_of(table) == {"unreadable_number": (2, 5)}


def test_a_column_of_revenue_is_the_amount_beside_an_order() -> None:
    """A German shop calls the amount of an order its Umsatz."""
    table = table_of("Bestellnummer;Kundennummer;Umsatz\n1;A;5,00\n2;A;2,50\n", ltv_from_revenue=True)
    assert facts_of(table)["A"].ltv_eur == Decimal("7.50")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["A", "B", "C"]),
            st.decimals(Decimal(-500), Decimal(500), places=2).filter(lambda n: n != 0),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_the_order_of_rows_does_not_matter(orders: list[tuple[str, Decimal]]) -> None:
    """Revenue is the sum, purchases are the sales, and repeating the whole file changes nothing."""
    rows = [f"{number},{who},{amount}" for number, (who, amount) in enumerate(orders)]
    header = "order_id,customer,amount\n"
    whole = facts_of(table_of(header + "\n".join(rows)))
    again = facts_of(table_of(header + "\n".join([*rows[::-1], *rows])))
    assert set(whole) == {who for who, _ in orders}
    for code, customer in whole.items():
        own = [amount for who, amount in orders if who == code]
        assert (customer.revenue_eur, customer.purchases) == (sum(own), sum(amount > 0 for amount in own))
        assert (again[code].revenue_eur, again[code].purchases) == (customer.revenue_eur, customer.purchases)
