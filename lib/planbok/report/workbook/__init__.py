"""The Excel file of a report: a front sheet, a sheet per table with live formulas, charts and input cells."""
