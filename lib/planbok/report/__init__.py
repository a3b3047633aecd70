"""What people see: text, tables, figures, the HTML report, the index pages and the Excel file."""
