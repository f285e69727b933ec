#include "deltarule/data/download.h"

#include <curl/curl.h>

#include <array>
#include <exception>
#include <memory>
#include <new>
#include <utility>

#include "deltarule/base/error.h"

namespace deltarule {
namespace {

struct Transfer {
  std::string bytes;
  std::size_t most_bytes;
  const DownloadProgress& on_progress;
  bool too_large = false;
  std::exception_ptr thrown;  // an exception must not pass through libcurl, which is C
};

std::size_t receive(const char* data, std::size_t size, std::size_t count, void* context) {
  Transfer& transfer = *static_cast<Transfer*>(context);
  const std::size_t bytes = size * count;
  transfer.too_large = bytes > transfer.most_bytes - transfer.bytes.size();
  if (transfer.too_large) return 0;
  try {
    transfer.bytes.append(data, bytes);
  } catch (...) {
    transfer.thrown = std::current_exception();
    return 0;
  }
  return bytes;
}

int report_progress(void* context, curl_off_t total, curl_off_t bytes, curl_off_t, curl_off_t) {
  Transfer& transfer = *static_cast<Transfer*>(context);
  if (!transfer.on_progress) return 0;
  try {
    transfer.on_progress(static_cast<std::size_t>(bytes), static_cast<std::size_t>(total));
  } catch (...) {
    transfer.thrown = std::current_exception();
    return 1;
  }
  return 0;
}

struct CloseHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Handle = std::unique_ptr<CURL, CloseHandle>;

Handle open_handle() {
  // Once for the process, before any thread can be in libcurl.
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  Handle handle(ready == CURLE_OK ? curl_easy_init() : nullptr);
  if (!handle) throw std::bad_alloc();
  return handle;
}

void set_options(CURL* handle, const std::string& url, Transfer& transfer) {
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "deltarule/" DELTARULE_VERSION);
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(handle, CURLOPT_MAXREDIRS, 10L);
  curl_easy_setopt(handle, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, 10L);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, 30L);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, receive);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, report_progress);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &transfer);
}

// What happened, in words for a person; libcurl's own where there is nothing better.
std::string describe(CURL* handle, CURLcode code, const Transfer& transfer, const char* detail) {
  if (transfer.too_large) return "more than " + std::to_string(transfer.most_bytes) + " bytes";
  if (code == CURLE_HTTP_RETURNED_ERROR) {
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    return "HTTP status " + std::to_string(status);
  }
  if (code == CURLE_PARTIAL_FILE) {
    return "an answer cut short after " + std::to_string(transfer.bytes.size()) + " bytes";
  }
  return *detail != '\0' ? detail : curl_easy_strerror(code);
}

}  // namespace

std::string download(const std::string& url, std::size_t most_bytes,
                     const DownloadProgress& on_progress) {
  const Handle handle = open_handle();
  Transfer transfer{{}, most_bytes, on_progress, false, nullptr};
  set_options(handle.get(), url, transfer);
  std::array<char, CURL_ERROR_SIZE> detail{};
  curl_easy_setopt(handle.get(), CURLOPT_ERRORBUFFER, detail.data());
  const CURLcode code = curl_easy_perform(handle.get());
  if (transfer.thrown) std::rethrow_exception(transfer.thrown);
  if (code == CURLE_OK) return std::move(transfer.bytes);
  throw Error({.what = "the download failed",
               .where = url,
               .found = describe(handle.get(), code, transfer, detail.data()),
               .next = "check the network and try again"});
}

}  // namespace deltarule
