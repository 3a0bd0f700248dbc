#pragma once

#include "net/tls_session.hpp"

#include <coroom/error.hpp>
#include <coroom/tls_files.hpp>

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <mutex>

namespace coroom::detail::net {

/// The TLS configuration of new connections: TLS 1.2 and 1.3, ciphers with forward secrecy, ALPN `http/1.1`
/// (RFC 7301). Any thread may use it.
class TlsContext {
 public:
  /// Fails if a file cannot be read or has the wrong content, or if key and certificate do not match. The
  /// error names the file.
  static Result<std::unique_ptr<TlsContext>> open(TlsFiles files);

  /// Reads the files again. On error the previous configuration stays. Existing connections keep theirs.
  Result<> reload();

  /// Returns the TLS session of one connection, for the descriptor of its socket.
  [[nodiscard]] std::unique_ptr<TlsSession> session(int descriptor);

 private:
  explicit TlsContext(TlsFiles files) : files_(std::move(files)) {}

  TlsFiles files_;
  std::mutex mutex_;
  std::shared_ptr<boost::asio::ssl::context> current_;
};

}  // namespace coroom::detail::net
