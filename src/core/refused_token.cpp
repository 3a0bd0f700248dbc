#include "core/refused_token.hpp"

#include <coroom/log.hpp>

#include <algorithm>

namespace coroom::detail {
namespace {

constexpr std::size_t forgery = 10;  // number of token checks that a forged token costs

}  // namespace

void log_refused_token(const std::string& peer, const TokenFault& fault) {
  const char* const cause = token_cause_names.at(static_cast<std::size_t>(fault.cause));
  if (fault.detail.empty()) {
    logging::info("token refused", {{"peer", peer}, {"cause", cause}});
  } else {
    logging::info("token refused", {{"peer", peer}, {"cause", cause}, {"detail", fault.detail}});
  }
}

std::size_t price_of_check(const TokenVerifier& verifier, const TokenFault* fault) {
  if (fault == nullptr) return verifier.cost();
  switch (fault->cause) {
    case TokenCause::signature:
      return forgery * std::max<std::size_t>(verifier.cost(), 1);
    case TokenCause::missing:
    case TokenCause::malformed:
    case TokenCause::unknown_key:
    case TokenCause::claim_type:
    case TokenCause::issuer:
    case TokenCause::audience:
    case TokenCause::wrong_kind:
      return 0;  // rejected before the signature is checked
    default:
      return verifier.cost();
  }
}

}  // namespace coroom::detail
