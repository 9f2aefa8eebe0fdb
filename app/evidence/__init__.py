"""What answers may cite beside interviews, each class apart: economics, insights, external sources."""
