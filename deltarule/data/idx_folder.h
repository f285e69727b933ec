// Which IDX files belong together: images with their labels, a training part with its test part.
#pragma once

#include <filesystem>

#include "deltarule/data/dataset.h"

namespace deltarule {

/// The examples of one images file and of the labels file beside it, whose name has "labels" for
/// "images" and "idx1" for "idx3" or "idx2"; either may be gzipped. Throws Error.
Dataset read_idx_pair(const std::filesystem::path& images);

/// True if a file of the folder has "train-images" in its name.
bool is_idx_folder(const std::filesystem::path& folder);

/// The pair whose images file has "train-images" in its name and, if there is one, the pair with
/// "t10k-images" or "test-images" as the official test part. Of a plain file and its gzipped twin
/// the plain one is read. Throws Error, also if several sets lie in the folder.
Dataset read_idx_folder(const std::filesystem::path& folder);

}  // namespace deltarule
