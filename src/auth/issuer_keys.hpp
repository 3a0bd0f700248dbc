#pragma once

#include "auth/token_key.hpp"

#include <memory>
#include <vector>

namespace coroom::detail::auth {

/// The keys of an issuer, which change while the server runs. Any thread may use them.
class IssuerKeys {
 public:
  using Keys = std::shared_ptr<const std::vector<TokenKey>>;

  IssuerKeys() = default;
  IssuerKeys(const IssuerKeys&) = delete;
  IssuerKeys& operator=(const IssuerKeys&) = delete;
  virtual ~IssuerKeys() = default;

  /// Returns the last good set; nullptr if none was loaded yet. Does not wait.
  [[nodiscard]] virtual Keys keys() const = 0;

  /// Notes that a token names a key that the set lacks, which the issuer may have added. Does not wait.
  virtual void note_unknown_key() const = 0;
};

}  // namespace coroom::detail::auth
