"""What the control of invoices comes of: invoice lines held against decisions and prices."""

from planbok.case.grounds import Ground, Rows, Span
from planbok.topics.control.study import Study


def grounds(study: Study) -> dict[str, Ground]:
    """By key figure and table."""
    billed = Rows("fakturor", "belopp_kr", {"manad": Span(f"{study.ar}-01", f"{study.ar}-{study.tom_manad:02d}")})
    both, rules = (billed, Rows("beslut")), ("kontroll.", "lss_peng.", "lss_timpriser", "insatser")
    return {
        "fel_antal": Ground("fakturarader som skiljer sig från beslut och pris", both, rules),
        "fel_kr": Ground("fakturerat minus det rätta beloppet, rad för rad", both, rules),
        "atervunnet_kr": Ground("fel som är krediterade", both, rules),
        "saknade_fakturor_kr": Ground("dygn och timmar med pris som ingen faktura täcker", both, rules, changed=False),
        "*": Ground("summan av raderna ovanför", both, rules),
    }
