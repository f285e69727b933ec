// One file from one address, into memory.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace deltarule {

/// Bytes so far and in all (0 while unknown). May throw, which ends the download.
using DownloadProgress = std::function<void(std::size_t bytes, std::size_t total)>;

/// The body that `url` (http or https) answers, redirections followed. Gives up after 10 s without
/// a connection or 30 s without a byte. Throws Error, whose `found` is what went wrong in a few
/// words: a status that is no success, an answer cut short, more than `most_bytes`, no network.
std::string download(const std::string& url, std::size_t most_bytes,
                     const DownloadProgress& on_progress = {});

}  // namespace deltarule
