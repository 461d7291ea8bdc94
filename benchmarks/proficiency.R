# Times expressions in R: Rscript proficiency.R FOLDER, where FOLDER holds x.bin, raw doubles of
# measurands one after the other, size.bin (results of each) and tasks.tsv with one
# "name <tab> measurands <tab> expression of x" a line. Prints name and CPU seconds a measurand, or the
# error. It is run by benchmarks/proficiency.py.
folder <- commandArgs(TRUE)[1]
column <- function(name) {
  file <- file.path(folder, paste0(name, ".bin"))
  readBin(file, "double", file.size(file) / 8)
}
rows <- matrix(column("x"), nrow = column("size"))

tasks <- read.delim(file.path(folder, "tasks.tsv"), header = FALSE, quote = "")
for (i in seq_len(nrow(tasks))) {
  code <- parse(text = tasks[i, 3])
  told <- tryCatch({
    x <- rows[, 1]
    eval(code)
    spent <- system.time(for (k in seq_len(tasks[i, 2])) {
      x <- rows[, k]
      eval(code)
    })
    sprintf("%.9f", (spent[["user.self"]] + spent[["sys.self"]]) / tasks[i, 2])
  }, error = function(e) paste("error:", conditionMessage(e)))
  cat(tasks[i, 1], told, sep = "\t")
  cat("\n")
}
