#pragma once

#include <coroom/clock.hpp>
#include <coroom/token_fault.hpp>

#include <tl/expected.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::detail::auth {

/// The claims of a token (RFC 7519 section 4.1, and the Centrifuge protocol's own). Absent claims are empty.
struct Claims {
  std::string user;                        // sub
  std::string issuer;                      // iss
  std::vector<std::string> audiences;      // aud
  std::string id;                          // jti
  std::optional<Clock::TimePoint> issued;  // iat
  std::optional<Clock::TimePoint> not_before;
  std::optional<Clock::TimePoint> expires;    // exp
  std::optional<Clock::TimePoint> expire_at;  // the exp of the connection or subscription
  bool never_ends = false;                    // expire_at is 0
  std::optional<std::string> channel;
  std::string client;
  std::string info;  // JSON
  std::string data;  // JSON
};

/// Fails unless the text is a JSON object with claims of the right types; the fault names the claim.
tl::expected<Claims, TokenFault> read_claims(std::string_view json);

}  // namespace coroom::detail::auth
