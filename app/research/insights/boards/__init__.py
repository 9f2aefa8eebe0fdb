"""Boards as Miro, FigJam, Mural and people write them: sticky notes in, insights with their evidence out."""
