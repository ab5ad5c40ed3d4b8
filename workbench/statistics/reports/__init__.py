"""Reports of a week, month or quarter: a workbook and a document with the same figures and charts."""
