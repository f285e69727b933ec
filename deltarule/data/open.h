// Any source of data by its name.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "deltarule/data/csv.h"
#include "deltarule/data/dataset.h"

namespace deltarule {

struct OpenOptions {
  CsvOptions csv{};  ///< ignored for other formats
  bool may_download = true;
  std::size_t synthetic_count = 70000;  ///< of "synthetic" alone, and of what stands in for MNIST
  /// Progress of a download: bytes so far and in all (0 while unknown). May be empty.
  std::function<void(const std::string& file, std::size_t bytes, std::size_t total)> on_download{};
};

/// `source` is a catalog name ("mnist", "fashion-mnist"), "synthetic" or "synthetic:COUNT:SEED",
/// an IDX file (its labels file is found beside it), a folder of IDX files, a CSV or TSV file
/// (also .gz), or a folder of PNG files in one sub-folder per class. Names go before paths: write
/// "./mnist" for a folder of that name. What a path holds is seen from its content; the hashes of
/// the files are in Dataset.files. Throws Error.
Dataset open_dataset(const std::string& source, const OpenOptions& options = {});

/// What to use when no source is named: MNIST if it can be had, otherwise synthetic digits, and
/// then `notice` says so and why.
struct DefaultDataset {
  Dataset data;
  std::string notice;  ///< empty if MNIST was found
};
DefaultDataset open_default_dataset(const OpenOptions& options = {});

}  // namespace deltarule
