#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <openssl/types.h>
#include <string>
#include <string_view>

namespace coroom::test {

/// A plain blocking socket, with TLS if that is wanted. Nothing blocks for ever: what does not come in ten
/// seconds throws, and fails its test.
class TcpClient {
 public:
  struct TcpOptions {
    std::string address = "127.0.0.1";
    int receive_buffer = 0;   // bytes; 0: the system's own
    bool tls = false;         // with any certificate
    std::string protocols{};  // offered by ALPN, as it lists them; empty: none
    int tls_version = 0;      // that and no other; 0: what both know
    std::string ciphers{};    // of TLS 1.2, as OpenSSL names them; empty: its own list
  };

  explicit TcpClient(std::uint16_t port) : TcpClient(port, TcpOptions{}) {}
  TcpClient(std::uint16_t port, const TcpOptions& settings);

  TcpClient(TcpClient&& other) noexcept;
  TcpClient& operator=(TcpClient&&) = delete;
  TcpClient(const TcpClient&) = delete;
  TcpClient& operator=(const TcpClient&) = delete;
  ~TcpClient();

  void send(std::string_view bytes);

  /// Bytes up to and with `end`.
  std::string read_until(std::string_view end);
  std::string read_exactly(std::size_t size);

  /// All that still comes until the peer closes. A reset counts as the end.
  std::string read_to_end();

  /// True if the peer has closed and nothing is left to read.
  bool at_end();

  /// Ends the connection by RST rather than FIN.
  void reset();

  void close();

  /// The subject of the server's certificate, and the protocol that ALPN chose; only with TLS.
  [[nodiscard]] std::string certificate_name() const;
  [[nodiscard]] std::string protocol() const;

  /// Number of certificates that the server sent; only with TLS.
  [[nodiscard]] int certificates() const;

  /// Asks for another handshake (RFC 5246 section 7.4.1.1), and throws if the server refuses it; only with
  /// TLS 1.2.
  void renegotiate();

  /// Asks the server for new keys (RFC 8446 section 4.6.3); only with TLS.
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
