#pragma once

#include <string>

namespace coroom::test {

/// The key of a certificate.
struct KeyKind {
  unsigned rsa_bits = 0;        ///< 0: on the curve P-256
  std::string passphrase = {};  ///< encrypts the key if not empty
};

/// Returns a self-signed certificate for this name and its key, as PEM.
std::string make_certificate(const std::string& name, const KeyKind& kind = {});

}  // namespace coroom::test
