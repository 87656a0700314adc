# Times spatstat's envelope of K: points from a file with a header (x, y), a square, radii, simulations.
# Prints one line per correction: its name, seconds, and K of the points at the radii.
arguments <- commandArgs(trailingOnly = TRUE)
suppressPackageStartupMessages({
  library(spatstat.geom)
  library(spatstat.explore)
})
points <- read.csv(arguments[1])
side <- as.numeric(arguments[2])
radii <- seq(0, side / 10, length.out = as.integer(arguments[3]) + 1)
simulations <- as.integer(arguments[4])
pattern <- ppp(points$x, points$y, window = owin(c(0, side), c(0, side)))
for (correction in arguments[-(1:4)]) {
  set.seed(1)
  took <- system.time(
    found <- envelope(
      pattern, Kest,
      nsim = simulations, r = radii, correction = correction, verbose = FALSE
    )
  )[["elapsed"]]
  cat(correction, took, format(found$obs[-1], digits = 12), "\n")
}
