#pragma once

#include <filesystem>

namespace coroom {

/// The files of a server's identity for TLS, in PEM (Settings::tls; Tornado: ssl_options).
struct TlsFiles {
  /// Certificate, followed by its chain.
  std::filesystem::path certificate = {};

  /// Private key of the certificate, not encrypted.
  std::filesystem::path key = {};
};

}  // namespace coroom
