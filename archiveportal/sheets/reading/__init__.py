"""Files of tables, read within limits: .xlsx, .csv, and .xls and .ods in a process of their own."""
