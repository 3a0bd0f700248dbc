#pragma once

#include <string>

namespace coroom::test {

/// The key of a certificate.
struct KeyKind {
  unsigned rsa_bits = 0;        ///< 0: on the curve P-256
  std::string passphrase = {};  ///< that it is encrypted with; empty: it is not
};

/// A certificate for this name, signed by itself, and its key, in PEM.
std::string make_certificate(const std::string& name, const KeyKind& kind = {});

}  // namespace coroom::test
