#include "deltarule/base/file.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

#include "deltarule/base/error.h"

namespace deltarule {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_system_error(const std::string& what, const fs::path& path, int code) {
  throw Error(
      {.what = what, .where = path.string(), .found = std::system_category().message(code)});
}

class FileDescriptor {
 public:
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
  ~FileDescriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;

  int get() const { return descriptor_; }

  /// Some file systems report a failed write only here.
  bool close() { return ::close(std::exchange(descriptor_, -1)) == 0; }

 private:
  int descriptor_;
};

void check_regular(const fs::path& path, const struct stat& status) {
  if (S_ISREG(status.st_mode)) return;
  throw Error({.what = "this is not a regular file",
               .where = path.string(),
               .expected = "a file",
               .found = S_ISDIR(status.st_mode) ? "a folder" : "a device, pipe or socket"});
}

void check_size(const fs::path& path, std::size_t bytes, std::size_t most_bytes) {
  if (bytes <= most_bytes) return;
  throw Error({.what = "the file is too large",
               .where = path.string(),
               .expected = "at most " + std::to_string(most_bytes) + " bytes",
               .found = "at least " + std::to_string(bytes) + " bytes"});
}

/// zlib's state, and its release.
class Inflater {
 public:
  explicit Inflater(std::string_view bytes) : rest_(bytes) {
    constexpr int kGzipOnly = 16;
    if (inflateInit2(&stream_, MAX_WBITS + kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Fills `block` as far as it can; says how much. Less than all of it: the stream has ended.
  std::size_t read(std::span<char> block, const std::string& name) {
    stream_.next_out = reinterpret_cast<Bytef*>(block.data());
    stream_.avail_out = static_cast<uInt>(block.size());
    while (stream_.avail_out > 0 && !ended_) step(name);
    return block.size() - stream_.avail_out;
  }

 private:
  void step(const std::string& name) {
    constexpr std::size_t kMostAtOnce = std::size_t{1} << 30;  // zlib counts in 32 bits
    const std::size_t given = std::min(rest_.size(), kMostAtOnce);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(rest_.data()));
    stream_.avail_in = static_cast<uInt>(given);
    const int result = inflate(&stream_, Z_NO_FLUSH);
    const std::size_t taken = given - stream_.avail_in;
    rest_.remove_prefix(taken);
    offset_ += taken;
    if (result == Z_STREAM_END) {
      start_next_member(name);
    } else if (result == Z_MEM_ERROR) {
      throw std::bad_alloc();
    } else if (result != Z_OK && !(result == Z_BUF_ERROR && rest_.empty())) {
      throw_damaged(name, stream_.msg != nullptr ? stream_.msg : "a damaged block");
    } else if (rest_.empty() && stream_.avail_out > 0) {
      throw Error({.what = "the gzip stream is cut short",
                   .where = name + ", byte " + std::to_string(offset_),
                   .expected = "more compressed bytes",
                   .found = "the end of the file",
                   .next = "fetch or copy the file again"});
    }
  }

  void start_next_member(const std::string& name) {
    // Tapes and some tools pad with zeros; gzip accepts that too.
    ended_ = std::all_of(rest_.begin(), rest_.end(), [](char c) { return c == 0; });
    if (ended_) return;
    if (!is_gzip(rest_)) throw_damaged(name, "bytes behind the end that are not gzip");
    inflateReset(&stream_);
  }

  [[noreturn]] void throw_damaged(const std::string& name, const std::string& found) const {
    throw Error({.what = "the gzip stream is damaged",
                 .where = name + ", byte " + std::to_string(offset_),
                 .found = found,
                 .next = "fetch or copy the file again"});
  }

  z_stream stream_{};
  std::string_view rest_;
  std::size_t offset_ = 0;
  bool ended_ = false;
};

/// Removes the temporary file unless it has been renamed.
struct TemporaryFile {
  fs::path path;
  bool renamed = false;
  ~TemporaryFile() {
    if (!renamed) ::unlink(path.c_str());
  }
};

/// A new file in `folder`. Permissions are those that the user's mask leaves, which is why this is
/// not mkstemp.
int create_temporary(const fs::path& folder, fs::path& path) {
  constexpr int kMostAttempts = 1000;
  int code = EEXIST;
  for (int attempt = 0; attempt < kMostAttempts && code == EEXIST; ++attempt) {
    path = folder /
           (".deltarule-" + std::to_string(::getpid()) + "-" + std::to_string(attempt) + ".tmp");
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0) return descriptor;
    code = errno;
  }
  throw_system_error("a file cannot be created in this folder", folder, code);
}

void write_all(int descriptor, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      throw_system_error("the file cannot be written", path, errno);
    }
  }
}

void flush_folder(const fs::path& folder) {
  const FileDescriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Not every file system can flush a folder, and the new file is already in place.
  if (descriptor.get() >= 0) ::fsync(descriptor.get());
}

/// Where the bytes really go: behind a symbolic link, and never over a device.
fs::path resolve_target(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) {
    check_regular(path, status);
    return fs::canonical(path);
  }
  if (errno != ENOENT) throw_system_error("the file cannot be written", path, errno);
  return path;
}

}  // namespace

std::string read_file(const fs::path& path, std::size_t most_bytes) {
  struct stat status {};
  // Before opening: to open a pipe would wait for its other end.
  if (::stat(path.c_str(), &status) != 0) {
    throw_system_error("the file cannot be opened", path, errno);
  }
  check_regular(path, status);
  check_size(path, static_cast<std::size_t>(status.st_size), most_bytes);
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) throw_system_error("the file cannot be opened", path, errno);

  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t filled = 0;
  for (;;) {
    // One more than the size that was said, so that the end is seen without another round.
    if (filled == bytes.size()) bytes.resize(filled + std::max<std::size_t>(filled / 8, 4096));
    const ssize_t count = ::read(file.get(), bytes.data() + filled, bytes.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_system_error("the file cannot be read", path, errno);
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
    check_size(path, filled, most_bytes);
  }
  bytes.resize(filled);
  return bytes;
}

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

std::string gunzip_front(std::string_view bytes, const std::string& name, std::size_t count) {
  Inflater inflater(bytes);
  std::string result;
  std::vector<char> block(std::size_t{1} << 16);
  const std::size_t bomb = std::max(kBombBytes, kBombRatio * bytes.size());
  while (result.size() < count) {
    const std::size_t wanted = std::min(block.size(), count - result.size());
    const std::size_t got = inflater.read(std::span(block).first(wanted), name);
    result.append(block.data(), got);
    if (got < wanted) break;
    if (result.size() > bomb) {
      throw Error({.what = "the gzip stream unpacks to far more than real data does",
                   .where = name,
                   .expected = "at most " + std::to_string(bomb) + " bytes",
                   .found = "more than that, from " + std::to_string(bytes.size()) + " bytes",
                   .next = "if the file is sound, unpack it with gunzip first"});
    }
  }
  return result;
}

std::string gunzip(std::string_view bytes, const std::string& name, std::size_t most_bytes) {
  std::string result = gunzip_front(bytes, name, most_bytes + 1);
  if (result.size() <= most_bytes) return result;
  throw Error({.what = "the gzip stream unpacks to more than is allowed",
               .where = name,
               .expected = "at most " + std::to_string(most_bytes) + " bytes",
               .found = "more than that, from " + std::to_string(bytes.size()) + " bytes"});
}

std::string read_unpacked_file(const fs::path& path) {
  std::string bytes = read_file(path);
  if (is_gzip(bytes)) return gunzip(bytes, path.string());
  return bytes;
}

void replace_file(const fs::path& path, std::string_view bytes) {
  const fs::path target = resolve_target(path);
  const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
  fs::path name;
  FileDescriptor file(create_temporary(folder, name));
  TemporaryFile temporary{name};
  write_all(file.get(), bytes, path);
  if (::fsync(file.get()) != 0) throw_system_error("the file cannot be written", path, errno);
  if (!file.close()) throw_system_error("the file cannot be written", path, errno);
  if (::rename(temporary.path.c_str(), target.c_str()) != 0) {
    throw_system_error("the file cannot be put in its place", path, errno);
  }
  temporary.renamed = true;
  flush_folder(folder);
}

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw Error({.what = "the cryptographic library refuses SHA-256"});
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    text += kDigits[digest[i] >> 4];
    text += kDigits[digest[i] & 15];
  }
  return text;
}

}  // namespace deltarule
