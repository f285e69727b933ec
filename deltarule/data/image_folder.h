// A folder of pictures: one sub-folder per class, PNG files in it.
#pragma once

#include <filesystem>

#include "deltarule/data/dataset.h"

namespace deltarule {

/// True if a sub-folder holds a PNG file (".png" in any capitals).
bool is_image_folder(const std::filesystem::path& folder);

/// Classes are the names of the sub-folders in the order of sort_class_names, rows the files of
/// each in the order of their names; hidden ones (".name") and other files are passed over. Pixels
/// are grey as the files have them, nothing is turned over or scaled. Dataset.files has one entry
/// for the whole folder, the hash of lines "<sha256 of the file>  class/name".
/// Throws Error: no PNG files, a class without any, one class only, a file that is no PNG, or
/// pictures of several sizes.
Dataset read_image_folder(const std::filesystem::path& folder);

}  // namespace deltarule
