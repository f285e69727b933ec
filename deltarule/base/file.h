// Whole files: read with a limit, gunzipped where they are gzipped, replaced atomically, hashed.
//
// Everything deltarule writes goes through `replace_file`: a reader sees the old file or the new
// one, never a part. All functions throw Error naming the path.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace deltarule {

/// No input of ours is larger; a bound on memory when a file or a gzip stream claims more.
inline constexpr std::size_t kMostFileBytes = std::size_t{4} << 30;

/// The bytes of a regular file. Throws if it is missing, a folder, unreadable, or over the limit.
std::string read_file(const std::filesystem::path& path, std::size_t most_bytes = kMostFileBytes);

bool is_gzip(std::string_view bytes);

/// `bytes` unpacked (all members of the stream). Memory stays in proportion to what really comes
/// out, never to what a header claims. An error: a truncated or damaged stream, more than
/// `most_bytes`, or a bomb, that is more than both kBombBytes and kBombRatio times the size of
/// `bytes`. `name` is used in the message.
std::string gunzip(std::string_view bytes, const std::string& name,
                   std::size_t most_bytes = kMostFileBytes);
inline constexpr std::size_t kBombBytes = std::size_t{64} << 20;
inline constexpr std::size_t kBombRatio = 256;  ///< real data packs 5 to 50 times, deflate to 1032

/// The first `count` bytes that come out, or all if there are fewer: to read a header before
/// trusting the rest. The stream is checked as far as it is read. Throws as gunzip does.
std::string gunzip_front(std::string_view bytes, const std::string& name, std::size_t count);

/// read_file, then gunzip if the file is gzipped.
std::string read_unpacked_file(const std::filesystem::path& path);

/// Writes to a temporary file in the same folder, flushes it to disk, renames it over `path` and
/// flushes the folder. On failure the temporary file is removed and `path` is as it was. A symbolic
/// link stays and its target is replaced; anything but a regular file (a device) is refused.
void replace_file(const std::filesystem::path& path, std::string_view bytes);

/// Lower-case hexadecimal SHA-256 (FIPS 180-4), 64 characters.
std::string sha256(std::string_view bytes);

}  // namespace deltarule
