#pragma once

#include "net/tls_session.hpp"

#include <coroom/error.hpp>

#include <boost/asio/ssl/context.hpp>

#include <filesystem>
#include <memory>
#include <mutex>

namespace coroom::detail::net {

/// Where a server's identity is: a certificate with the chain behind it, and its private key, both in PEM.
struct TlsFiles {
  TlsFiles(std::filesystem::path chain, std::filesystem::path private_key)
      : certificate(std::move(chain)), key(std::move(private_key)) {}

  std::filesystem::path certificate;
  std::filesystem::path key;
};

/// What new connections speak TLS with: TLS 1.2 and 1.3, ciphers with forward secrecy, ALPN `http/1.1`
/// (RFC 7301). Any thread may use it.
class TlsContext {
 public:
  /// Fails if a file can't be read, is not what it should be, or if they do not belong together; the error
  /// names the file.
  static Result<std::unique_ptr<TlsContext>> open(TlsFiles files);

  /// Reads the files again. If that fails, what was read before stays. Connections that there are go on with
  /// what they have.
  Result<> reload();

  /// The TLS of one connection, whose socket this is.
  [[nodiscard]] std::unique_ptr<TlsSession> session(int descriptor);

 private:
  explicit TlsContext(TlsFiles files) : files_(std::move(files)) {}

  TlsFiles files_;
  std::mutex mutex_;
  std::shared_ptr<boost::asio::ssl::context> current_;
};

}  // namespace coroom::detail::net
