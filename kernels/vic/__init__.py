"""VIC: water and energy balance of tiles and elevation bands (Liang et al., 1994; Hamman et al., 2018)."""
