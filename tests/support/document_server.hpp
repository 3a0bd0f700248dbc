#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace coroom::test {

/// An HTTP server on 127.0.0.1 whose responses a test writes byte by byte. It serves one connection after the
/// other, on a thread of its own.
class DocumentServer {
 public:
  /// A connection whose request was read.
  class Visitor {
   public:
    Visitor() = default;
    Visitor(const Visitor&) = delete;
    Visitor& operator=(const Visitor&) = delete;
    virtual ~Visitor() = default;

    /// Returns false once the client has gone.
    virtual bool write(std::string_view bytes) = 0;

    /// Waits until the client has gone.
    virtual void wait_for_end() = 0;
  };
  using WriteResponse = std::function<void(Visitor&)>;

  /// `tls_pem` is a certificate with its key; empty: no TLS.
  explicit DocumentServer(WriteResponse answer, std::string tls_pem = "");
  DocumentServer(const DocumentServer&) = delete;
  DocumentServer& operator=(const DocumentServer&) = delete;
  ~DocumentServer();

  /// Returns an answer of status 200 with this body.
  static WriteResponse document(std::string body, const std::string& fields = "");
  static WriteResponse bytes(std::string response);

  void become(WriteResponse answer);

  /// Blocks until the server has read this number of requests.
  void wait_for_requests(std::size_t number);

  /// Blocks until a client has sent anything.
  void wait_for_bytes();

  [[nodiscard]] std::size_t requests() const;
  [[nodiscard]] std::string last_request() const;
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url(const std::string& host = "127.0.0.1") const;

 private:
  struct Connection;

  void run();
  void serve(Connection& connection);

  std::string tls_pem_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  std::atomic<bool> is_stopping_ = false;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  WriteResponse answer_;
  bool has_bytes_ = false;
  std::size_t requests_ = 0;
  std::string last_request_;
  int current_ = -1;  // the socket of the connection
  std::thread thread_;
};

}  // namespace coroom::test
