#pragma once

#include <coroom/token_verifier.hpp>

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace coroom::test {

/// Accepts known words as tokens; "expired" is an expired one. Subscription tokens are not accepted.
class GrantingTokens final : public TokenVerifier {
 public:
  using Grants = std::map<std::string, ConnectionToken, std::less<>>;

  explicit GrantingTokens(Grants grants) : grants_(std::move(grants)) {}

  [[nodiscard]] tl::expected<ConnectionToken, TokenFault> connection(std::string_view token) const override {
    if (token == "expired") return tl::unexpected(TokenFault(TokenCause::expired));
    const auto found = grants_.find(token);
    if (found == grants_.end()) return tl::unexpected(TokenFault(TokenCause::signature));
    return found->second;
  }

  [[nodiscard]] tl::expected<SubscriptionToken, TokenFault> subscription(
      std::string_view /*token*/) const override {
    return tl::unexpected(TokenFault(TokenCause::signature));
  }

 private:
  Grants grants_;
};

}  // namespace coroom::test
