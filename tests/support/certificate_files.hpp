#pragma once

#include "support/certificate.hpp"
#include "support/running_server.hpp"
#include "support/temporary.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace coroom::test {

/// A certificate and its key in files that a test can replace.
class CertificateFiles {
 public:
  explicit CertificateFiles(const std::string& name, const KeyKind& kind = {}) { become(name, kind); }

  void become(const std::string& name, const KeyKind& kind = {}) {
    folder_.write("cert.pem", make_certificate(name, kind));
    folder_.write("key.pem", read("cert.pem"));
  }
  /// Appends another certificate to the file.
  void add_to_chain(const std::string& name) {
    folder_.write("cert.pem", read("cert.pem") + make_certificate(name));
  }
  void damage(const std::string& file) { folder_.write(file, "-----BEGIN NOTHING-----\n"); }

  /// Replaces the certificate, but not the key.
  void mismatch() { folder_.write("cert.pem", make_certificate("stranger.example")); }

  [[nodiscard]] std::filesystem::path certificate() const { return folder_.path() / "cert.pem"; }
  [[nodiscard]] std::filesystem::path key() const { return folder_.path() / "key.pem"; }

  [[nodiscard]] server::ServerConfig options() const {
    server::ServerConfig options = test_options();
    options.application.tls.certificate = certificate();
    options.application.tls.key = key();
    return options;
  }

 private:
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream file(folder_.path() / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  TemporaryFolder folder_;
};

}  // namespace coroom::test
