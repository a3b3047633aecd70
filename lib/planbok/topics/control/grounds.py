"""What the control of invoices comes of: invoice lines held against decisions and prices."""

from planbok.case.grounds import Ground, Rows, Span
from planbok.topics.control.study import Study


def grounds(study: Study) -> dict[str, Ground]:
    """By key figure and table."""
    billed = Rows("fakturor", "belopp_kr", {"manad": Span(f"{study.ar}-01", f"{study.ar}-{study.tom_manad:02d}")})
    both, prices = (billed, Rows("beslut")), ("lss_peng.ersattning", "lss_peng.pris", "lss_timpriser")
    rules = ("kontroll.prisskillnad_kr", "kontroll.avrundning_kr", *prices)
    return {
        "fel_antal": Ground("fakturarader som skiljer sig från beslut och pris", both, rules),
        "fel_kr": Ground("fakturerat minus det rätta beloppet, rad för rad", both, rules),
        "atervunnet_kr": Ground("fel som är krediterade", both, rules),
        "saknade_fakturor_kr": Ground("dygn och timmar med pris som ingen faktura täcker", both, prices, changed=False),
        "saknade_fakturor": Ground("summan av raderna ovanför", both, prices, changed=False),
        "*": Ground("summan av raderna ovanför", both, rules),
    }
