"""HTTP as API Gateway's payload 2.0 brings it, and answers as it takes them. No rule of payments lives here."""
