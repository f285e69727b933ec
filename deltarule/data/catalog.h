// Known data sets: where they are found, how they are fetched, how they are recognized.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "deltarule/data/open.h"

namespace deltarule {

struct CatalogFile {
  std::string name;    ///< "train-images-idx3-ubyte"; ".gz" when it is fetched
  std::string sha256;  ///< of the decompressed bytes
};

struct CatalogEntry {
  std::string name, title;
  std::vector<std::string> mirrors;  ///< URLs ending in "/", tried in turn
  std::vector<CatalogFile> files;    ///< train images, train labels, test images, test labels
  std::vector<std::string> classes;
};

const std::vector<CatalogEntry>& catalog();
const CatalogEntry* find_in_catalog(const std::string& name);

/// $DELTARULE_DATA/NAME if it is there, else the cache ($XDG_CACHE_HOME or ~/.cache)
/// /deltarule/NAME if it is there, else "".
std::filesystem::path find_folder(const CatalogEntry& entry);

/// Downloads what the cache lacks: each mirror in turn, hash checked, replaced atomically. Returns
/// the folder. Throws Error that lists what each mirror answered.
std::filesystem::path fetch(const CatalogEntry& entry, const OpenOptions& options = {});

/// Finds or fetches, then opens and checks every hash. Throws Error.
Dataset open_catalog(const CatalogEntry& entry, const OpenOptions& options = {});

}  // namespace deltarule
