# Times expressions in R: Rscript rivals.R FOLDER, where FOLDER holds the frame as raw doubles
# (pi.bin, x.bin with 10 columns, place.bin with 2, stratum.bin) and tasks.tsv with one
# "name <tab> runs <tab> expression" a line. Prints name, seconds of the fastest run, or the error.
folder <- commandArgs(TRUE)[1]
column <- function(name) {
  file <- file.path(folder, paste0(name, ".bin"))
  readBin(file, "double", file.size(file) / 8)
}
pi <- column("pi")
N <- length(pi)
n <- round(sum(pi))
size <- column("size")
x <- matrix(column("x"), nrow = N)
place <- matrix(column("place"), nrow = N)
stratum <- column("stratum")
u <- column("u")

tasks <- read.delim(file.path(folder, "tasks.tsv"), header = FALSE, quote = "")
for (i in seq_len(nrow(tasks))) {
  code <- parse(text = tasks[i, 3])
  set.seed(1)
  told <- tryCatch({
    times <- replicate(tasks[i, 2], system.time(eval(code))[["elapsed"]])
    sprintf("%.6f", min(times))
  }, error = function(e) paste("error:", conditionMessage(e)))
  cat(tasks[i, 1], told, sep = "\t")
  cat("\n")
}
