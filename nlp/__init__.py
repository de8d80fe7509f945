"""Understanding: mentions, places, companies, topics, facts, stories."""
