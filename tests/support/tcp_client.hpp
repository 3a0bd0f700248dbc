#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <openssl/types.h>
#include <string>
#include <string_view>

namespace coroom::test {

/// A blocking socket, optionally with TLS. Calls throw after ten seconds.
class TcpClient {
 public:
  struct TcpOptions {
    std::string address = "127.0.0.1";
    int receive_buffer = 0;   // bytes; 0: the system's default
    bool tls = false;         // accepts any certificate
    std::string protocols{};  // for ALPN, in its wire format; empty: none
    int tls_version = 0;      // the only version; 0: the best that both support
    std::string ciphers{};    // of TLS 1.2, in OpenSSL's syntax; empty: its default
  };

  explicit TcpClient(std::uint16_t port) : TcpClient(port, TcpOptions{}) {}
  TcpClient(std::uint16_t port, const TcpOptions& settings);

  TcpClient(TcpClient&& other) noexcept;
  TcpClient& operator=(TcpClient&&) = delete;
  TcpClient(const TcpClient&) = delete;
  TcpClient& operator=(const TcpClient&) = delete;
  ~TcpClient();

  void send(std::string_view bytes);

  /// Returns the bytes up to and including `end`.
  std::string read_until(std::string_view end);
  std::string read_exactly(std::size_t size);

  /// Returns all bytes until the peer closes. A reset counts as the end.
  std::string read_to_end();

  /// Waits for data or the end. Returns true at the end.
  bool at_end();

  /// Ends the connection by RST rather than FIN.
  void reset();

  void close();

  /// Returns the subject of the server's certificate, and the protocol selected by ALPN. Only with TLS.
  [[nodiscard]] std::string certificate_name() const;
  [[nodiscard]] std::string protocol() const;

  /// Returns the number of certificates that the server sent. Only with TLS.
  [[nodiscard]] int certificates() const;

  /// Renegotiates (RFC 5246 section 7.4.1.1). Throws if the server refuses. Only with TLS 1.2.
  void renegotiate();

  /// Requests new keys (RFC 8446 section 4.6.3). Only with TLS.
  void update_keys();

 private:
  struct ReleaseSsl {
    void operator()(SSL* ssl) const;
  };

  bool receive_more();

  int socket_;
  std::unique_ptr<SSL, ReleaseSsl> tls_;
  std::string received_;
};

}  // namespace coroom::test
