"""What law, city or agency decided, dated and with a source, and where effects land."""
