#include "deltarule/data/catalog.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "deltarule/base/file.h"
#include "deltarule/base/testing.h"
#include "deltarule/data/idx.h"

namespace deltarule {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// Answers each request on 127.0.0.1 with what was set for its path, then closes the connection.
class LoopbackServer {
 public:
  LoopbackServer() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_, generic, size) != 0 || ::listen(socket_, 8) != 0 ||
        ::getsockname(socket_, generic, &size) != 0) {
      std::abort();
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~LoopbackServer() {
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }

  void answer(const std::string& path, const std::string& response) {
    const std::lock_guard lock(mutex_);
    answers_[path] = response;
  }
  void answer_with_file(const std::string& path, const std::string& body) {
    answer(path, "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
                     "\r\nConnection: close\r\n\r\n" + body);
  }

  /// Paths asked for, in order.
  std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  std::string last_request() const {
    const std::lock_guard lock(mutex_);
    return last_request_;
  }

 private:
  void serve() {
    for (;;) {
      const int connection = ::accept(socket_, nullptr, nullptr);
      if (connection < 0) return;
      send_all(connection, respond(receive_request(connection)));
      ::close(connection);
    }
  }

  static std::string receive_request(int connection) {
    std::string request;
    char block[4096];
    while (request.find("\r\n\r\n") == std::string::npos) {
      const ssize_t count = ::recv(connection, block, sizeof(block), 0);
      if (count <= 0) break;
      request.append(block, static_cast<std::size_t>(count));
    }
    return request;
  }

  std::string respond(const std::string& request) {
    const std::size_t start = request.find('/') + 1;
    const std::string path = request.substr(start, request.find(' ', start) - start);
    const std::lock_guard lock(mutex_);
    requests_.push_back(path);
    last_request_ = request;
    const auto found = answers_.find(path);
    if (found != answers_.end()) return found->second;
    return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  }

  static void send_all(int connection, const std::string& bytes) {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
      const ssize_t count =
          ::send(connection, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) return;
      sent += static_cast<std::size_t>(count);
    }
  }

  int socket_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::map<std::string, std::string> answers_;
  std::vector<std::string> requests_;
  std::string last_request_;
  std::thread thread_;
};

/// Sets an environment variable, and puts back what was there.
class ScopedVariable {
 public:
  ScopedVariable(const char* name, const std::string& value) : name_(name) {
    const char* const before = std::getenv(name);
    was_set_ = before != nullptr;
    if (was_set_) before_ = before;
    set(value);
  }
  ~ScopedVariable() {
    if (was_set_) {
      set(before_);
    } else {
      ::unsetenv(name_);
    }
  }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;

  void set(const std::string& value) { ::setenv(name_, value.c_str(), 1); }

 private:
  const char* name_;
  bool was_set_ = false;
  std::string before_;
};

// An entry of four small files, whose mirrors each test names, and an empty cache of its own.
class Catalog : public FolderTest {
 protected:
  Catalog() {
    entry_.name = "tiny";
    entry_.title = "Four pixels";
    entry_.classes = {"dark", "light"};
    add("train-images", {{3, 2, 2}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}});
    add("train-labels", {{3}, {0, 1, 0}});
    add("test-images", {{1, 2, 2}, {12, 13, 14, 15}});
    add("test-labels", {{1}, {1}});
  }

  void add(const std::string& name, const IdxArray& array) {
    const std::string bytes = serialize_idx(array);
    entry_.files.push_back({name, sha256(bytes)});
    plain_.push_back(bytes);
  }

  void offer_all(LoopbackServer& server, const std::string& path = "") {
    for (std::size_t i = 0; i < 4; ++i) {
      server.answer_with_file(path + entry_.files[i].name + ".gz", gzip(plain_[i]));
    }
  }

  fs::path cache() const { return folder() / "cache" / "deltarule" / "tiny"; }

  std::vector<std::string> cached_files() const {
    std::vector<std::string> names;
    if (!fs::exists(cache())) return names;
    for (const auto& file : fs::directory_iterator(cache()))
      names.push_back(file.path().filename());
    return names;
  }

  fs::path fill_data_folder() {
    const fs::path data = folder() / "data" / "tiny";
    fs::create_directories(data);
    for (std::size_t i = 0; i < 4; ++i) {
      const std::string& name = entry_.files[i].name;
      if (i % 2 == 0) replace_file(data / (name + ".gz"), gzip(plain_[i]));
      if (i % 2 == 1) replace_file(data / name, plain_[i]);
    }
    data_variable_.set(folder() / "data");
    return data;
  }

  CatalogEntry entry_;
  std::vector<std::string> plain_;

 private:
  ScopedVariable cache_variable_{"XDG_CACHE_HOME", folder() / "cache"};
  ScopedVariable data_variable_{"DELTARULE_DATA", ""};
  ScopedVariable proxy_variable_{"no_proxy", "127.0.0.1"};
};

TEST_F(Catalog, KnowsMnistAndFashionMnist) {
  ASSERT_NE(find_in_catalog("mnist"), nullptr);
  ASSERT_NE(find_in_catalog("fashion-mnist"), nullptr);
  EXPECT_EQ(find_in_catalog("mnist")->mirrors.size(), 2u);
  EXPECT_EQ(find_in_catalog("fashion-mnist")->classes[9], "Ankle boot");
  EXPECT_EQ(find_in_catalog("mnits"), nullptr);
  for (const CatalogEntry& entry : catalog()) {
    EXPECT_EQ(entry.classes.size(), 10u);
    ASSERT_EQ(entry.files.size(), 4u);
    for (const CatalogFile& file : entry.files) EXPECT_EQ(file.sha256.size(), 64u) << file.name;
    for (const std::string& mirror : entry.mirrors) EXPECT_EQ(mirror.back(), '/');
  }
}

TEST_F(Catalog, OpensPlainAndGzippedFilesFromTheDataFolder) {
  EXPECT_EQ(find_folder(entry_), "");
  const fs::path named = fill_data_folder();
  EXPECT_EQ(find_folder(entry_), named);
  const Dataset data = open_catalog(entry_);
  EXPECT_EQ(data.name, "tiny");
  EXPECT_EQ(data.training_count, 3u);
  EXPECT_EQ(data.test_count, 1u);
  EXPECT_EQ(data.image, (ImageShape{2, 2}));
  EXPECT_EQ(data.bytes(3)[0], 12);
  EXPECT_EQ(data.labels, (std::vector<std::uint16_t>{0, 1, 0, 1}));
  EXPECT_EQ(data.classes, entry_.classes);
  ASSERT_EQ(data.files.size(), 4u);
  EXPECT_EQ(data.files[2].sha256, entry_.files[2].sha256);
}

TEST_F(Catalog, RefusesAFileInTheDataFolderWithAnotherHash) {
  const fs::path file = fill_data_folder() / "train-labels";
  const std::string wrong = serialize_idx({{3}, {0, 1, 1}});
  replace_file(file, wrong);
  const Explanation refusal = refusal_of([&] { open_catalog(entry_); });
  EXPECT_EQ(refusal.where, file.string());
  EXPECT_THAT(refusal.expected, HasSubstr(entry_.files[1].sha256));
  EXPECT_THAT(refusal.found, HasSubstr(sha256(wrong)));
  EXPECT_THAT(refusal.next, HasSubstr("delete the file"));
}

TEST_F(Catalog, NamesTheFileThatTheDataFolderLacks) {
  fs::remove(fill_data_folder() / "train-labels");
  EXPECT_THAT(refusal_of([&] { open_catalog(entry_); }).expected, HasSubstr("train-labels"));
}

TEST_F(Catalog, DownloadsIntoTheCacheOnceAndReportsProgress) {
  LoopbackServer server;
  offer_all(server);
  entry_.mirrors = {server.url()};
  std::size_t reported = 0;
  OpenOptions options;
  options.on_download = [&](const std::string& file, std::size_t bytes, std::size_t) {
    if (file == "test-labels") reported = bytes;
  };
  EXPECT_EQ(open_catalog(entry_, options).count(), 4u);
  EXPECT_EQ(reported, gzip(plain_[3]).size());
  EXPECT_EQ(find_folder(entry_), cache());
  EXPECT_EQ(cached_files().size(), 4u);
  EXPECT_EQ(open_catalog(entry_).count(), 4u);
  EXPECT_EQ(server.requests().size(), 4u);
  EXPECT_THAT(server.last_request(), HasSubstr("User-Agent: deltarule/"));
}

TEST_F(Catalog, FollowsARedirection) {
  LoopbackServer server;
  offer_all(server, "moved/");
  for (const CatalogFile& file : entry_.files) {
    server.answer(file.name + ".gz", "HTTP/1.1 302 Found\r\nLocation: /moved/" + file.name +
                                         ".gz\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  }
  entry_.mirrors = {server.url()};
  EXPECT_EQ(open_catalog(entry_).count(), 4u);
}

TEST_F(Catalog, TriesTheNextMirrorWhenOneForbids) {
  LoopbackServer forbidding, willing;
  for (const CatalogFile& file : entry_.files) {
    forbidding.answer(file.name + ".gz",
                      "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n"
                      "Connection: close\r\n\r\nno");
  }
  offer_all(willing);
  entry_.mirrors = {forbidding.url(), willing.url()};
  EXPECT_EQ(open_catalog(entry_).count(), 4u);
  EXPECT_EQ(forbidding.requests().size(), 4u);
}

TEST_F(Catalog, ListsWhatEachMirrorAnsweredWhenNoneHasTheFile) {
  LoopbackServer forbidding, empty;
  forbidding.answer("train-images.gz",
                    "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  entry_.mirrors = {forbidding.url(), empty.url()};
  const Explanation refusal = refusal_of([&] { open_catalog(entry_); });
  EXPECT_THAT(refusal.found, HasSubstr(forbidding.url() + "train-images.gz: HTTP status 403"));
  EXPECT_THAT(refusal.found, HasSubstr(empty.url() + "train-images.gz: HTTP status 404"));
  EXPECT_THAT(refusal.next, HasSubstr("$DELTARULE_DATA/tiny"));
  EXPECT_THAT(cached_files(), testing::IsEmpty());
}

TEST_F(Catalog, KeepsNothingOfAnAnswerCutShort) {
  LoopbackServer server;
  const std::string body = gzip(plain_[0]);
  server.answer("train-images.gz",
                "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
                    "\r\nConnection: close\r\n\r\n" + body.substr(0, body.size() / 2));
  entry_.mirrors = {server.url()};
  EXPECT_THAT(refusal_of([&] { fetch(entry_); }).found, HasSubstr("cut short"));
  EXPECT_THAT(cached_files(), testing::IsEmpty());
}

TEST_F(Catalog, KeepsNothingWithTheWrongHashOrThatIsNoGzip) {
  LoopbackServer server;
  const std::string wrong = serialize_idx({{1}, {7}});
  server.answer_with_file("train-images.gz", gzip(wrong));
  server.answer_with_file("page/train-images.gz", "<html>Please log in</html>");
  entry_.mirrors = {server.url(), server.url() + "page/"};
  const Explanation refusal = refusal_of([&] { fetch(entry_); });
  EXPECT_THAT(refusal.found, HasSubstr(sha256(wrong)));
  EXPECT_THAT(refusal.found, HasSubstr("page/train-images.gz: "));
  EXPECT_THAT(cached_files(), testing::IsEmpty());
}

TEST_F(Catalog, SaysSoWhenThereIsNoNetwork) {
  std::string closed;
  {
    const LoopbackServer gone;
    closed = gone.url();
  }
  entry_.mirrors = {closed};
  EXPECT_THAT(refusal_of([&] { fetch(entry_); }).found, HasSubstr(closed + "train-images.gz: "));
  EXPECT_THAT(cached_files(), testing::IsEmpty());
}

TEST_F(Catalog, FetchesOnlyWhatTheCacheLacksAndReplacesWhatIsDamagedThere) {
  fs::create_directories(cache());
  replace_file(cache() / "train-images.gz", gzip(plain_[0]));
  replace_file(cache() / "train-labels", "damaged");
  LoopbackServer server;
  offer_all(server);
  entry_.mirrors = {server.url()};
  EXPECT_EQ(fetch(entry_), cache());
  EXPECT_EQ(server.requests(),
            (std::vector<std::string>{"train-labels.gz", "test-images.gz", "test-labels.gz"}));
  EXPECT_EQ(open_catalog(entry_).count(), 4u);
}

TEST_F(Catalog, DownloadsNothingWhenThatIsSwitchedOff) {
  LoopbackServer server;
  offer_all(server);
  entry_.mirrors = {server.url()};
  OpenOptions options;
  options.may_download = false;
  EXPECT_THAT(refusal_of([&] { open_catalog(entry_, options); }).what, HasSubstr("switched off"));
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(Catalog, LetsTheReporterOfProgressEndADownload) {
  LoopbackServer server;
  offer_all(server);
  entry_.mirrors = {server.url()};
  OpenOptions options;
  options.on_download = [](const std::string&, std::size_t, std::size_t) {
    throw std::runtime_error("interrupted");
  };
  EXPECT_THROW(fetch(entry_, options), std::runtime_error);
  EXPECT_THAT(cached_files(), testing::IsEmpty());
}

}  // namespace
}  // namespace deltarule
