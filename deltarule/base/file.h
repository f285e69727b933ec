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
/// out, never to what a header claims; more than `most_bytes` is an error, as is a truncated or
/// damaged stream. `name` is used in the message.
std::string gunzip(std::string_view bytes, const std::string& name,
                   std::size_t most_bytes = kMostFileBytes);

/// Writes to a temporary file in the same folder, flushes it to disk, renames it over `path` and
/// flushes the folder. On failure the temporary file is removed and `path` is as it was.
void replace_file(const std::filesystem::path& path, std::string_view bytes);

/// Lower-case hexadecimal SHA-256 (FIPS 180-4), 64 characters.
std::string sha256(std::string_view bytes);

}  // namespace deltarule
