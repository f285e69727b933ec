#include "tests/cli/program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace deltarule::cli_test {
namespace {

namespace fs = std::filesystem;

struct Pipe {
  Pipe() {
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_end(std::size_t end) {
    if (ends[end] >= 0) close(ends[end]);
    ends[end] = -1;
  }
  std::array<int, 2> ends{};  ///< to read, to write
};

pid_t start(const Invocation& invocation, const fs::path& folder, Pipe& in, Pipe& out, Pipe& err) {
  std::vector<std::string> words = {DELTARULE_PROGRAM};
  words.insert(words.end(), invocation.arguments.begin(), invocation.arguments.end());
  std::vector<std::string> variables = {"PATH=/usr/bin:/bin",
                                        "LC_ALL=C.UTF-8",
                                        "TERM=xterm",
                                        "HOME=" + (folder / "home").string(),
                                        "http_proxy=127.0.0.1:9",
                                        "https_proxy=127.0.0.1:9",
                                        "XDG_CACHE_HOME=" + (folder / "cache").string()};
  variables.insert(variables.end(), invocation.environment.begin(), invocation.environment.end());
  std::vector<char*> argv, envp;
  for (std::string& word : words) argv.push_back(word.data());
  for (std::string& variable : variables) envp.push_back(variable.data());
  argv.push_back(nullptr);
  envp.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  posix_spawn_file_actions_adddup2(&actions, in.ends[0], 0);
  posix_spawn_file_actions_adddup2(&actions, out.ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, err.ends[1], 2);
  pid_t process = 0;
  const int status = posix_spawn(&process, argv[0], &actions, nullptr, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&actions);
  if (status != 0) throw std::runtime_error("could not start " + words[0]);
  return process;
}

/// False at the end of the stream.
bool read_some(int descriptor, std::string& text) {
  std::array<char, 65536> block;
  const ssize_t count = ::read(descriptor, block.data(), block.size());
  if (count > 0) text.append(block.data(), static_cast<std::size_t>(count));
  return count > 0;
}

void read_until_closed(Pipe& out, Pipe& err, pid_t process, const Invocation& invocation,
                       Outcome& outcome) {
  constexpr int kMostSeconds = 120;  // then the program hangs, and would hang the tests with it
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(kMostSeconds);
  std::array<pollfd, 2> streams = {{{out.ends[0], POLLIN, 0}, {err.ends[0], POLLIN, 0}}};
  while (streams[0].fd >= 0 || streams[1].fd >= 0) {
    if (std::chrono::steady_clock::now() > end) kill(process, SIGKILL);
    constexpr int kMilliseconds = 1000;
    if (poll(streams.data(), streams.size(), kMilliseconds) <= 0) continue;
    if (streams[0].revents != 0 && !read_some(streams[0].fd, outcome.out)) streams[0].fd = -1;
    if (streams[1].revents == 0) continue;
    if (!read_some(streams[1].fd, outcome.err)) streams[1].fd = -1;
    if (invocation.on_stderr) invocation.on_stderr(outcome.err, process);
  }
}

}  // namespace

Program::Program() {
  std::string name = (fs::temp_directory_path() / "deltarule-cli-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  std::signal(SIGPIPE, SIG_IGN);
}

Program::~Program() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

Outcome Program::run(const Invocation& invocation) {
  Pipe in, out, err;
  const pid_t process = start(invocation, folder_, in, out, err);
  in.close_end(0);
  out.close_end(1);
  err.close_end(1);
  // Less than a pipe holds, or the two would wait for each other.
  EXPECT_LT(invocation.standard_input.size(), 60000u);
  [[maybe_unused]] const ssize_t written =
      ::write(in.ends[1], invocation.standard_input.data(), invocation.standard_input.size());
  in.close_end(1);

  Outcome outcome;
  read_until_closed(out, err, process, invocation, outcome);
  int status = 0;
  rusage usage{};
  wait4(process, &status, 0, &usage);
  outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  outcome.peak_kilobytes = usage.ru_maxrss;
  return outcome;
}

std::string Program::run_well(const std::vector<std::string>& arguments) {
  const Outcome outcome = run(arguments);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  return outcome.out;
}

void Program::write(const std::string& name, const std::string& bytes) const {
  fs::create_directories(path(name).parent_path());
  std::ofstream(path(name), std::ios::binary) << bytes;
}

std::string Program::read(const std::string& name) const {
  std::ifstream stream(path(name), std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::vector<std::string> Program::files() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
    if (entry.is_regular_file()) names.push_back(fs::relative(entry.path(), folder_).string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

void Program::make_digits() {
  run_well({"data", "make", "--out", "digits", "--count", "700", "--quiet"});
}

void Program::make_model() {
  make_digits();
  run_well({"train", "--data", "digits", "--hidden", "16", "--epochs", "4", "--quiet"});
}

std::string idx(unsigned char type, const std::vector<std::uint32_t>& sizes,
                const std::string& elements) {
  std::string bytes = {0, 0, static_cast<char>(type), static_cast<char>(sizes.size())};
  for (const std::uint32_t size : sizes) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(size >> shift & 0xff);
  }
  return bytes + elements;
}

std::string gzipped(const std::string& bytes, std::size_t zeros) {
  z_stream stream{};
  constexpr int kGzip = 15 + 16;
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzip, 9, Z_DEFAULT_STRATEGY);
  std::string result;
  const auto add = [&](std::string block, int flush) {
    stream.next_in = reinterpret_cast<Bytef*>(block.data());
    stream.avail_in = static_cast<uInt>(block.size());
    std::array<char, 65536> packed;
    do {
      stream.next_out = reinterpret_cast<Bytef*>(packed.data());
      stream.avail_out = packed.size();
      deflate(&stream, flush);
      result.append(packed.data(), packed.size() - stream.avail_out);
    } while (stream.avail_out == 0);
  };
  add(bytes, Z_NO_FLUSH);
  // In blocks: what this process once held would count as the program's peak.
  constexpr std::size_t kBlock = 1 << 20;
  for (; zeros > 0; zeros -= std::min(zeros, kBlock)) {
    add(std::string(std::min(zeros, kBlock), '\0'), Z_NO_FLUSH);
  }
  add("", Z_FINISH);
  deflateEnd(&stream);
  return result;
}

}  // namespace deltarule::cli_test
