"""Speech: changes, claims, weekly briefs, meeting sheets, rendering, delivery."""
