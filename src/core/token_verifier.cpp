#include <coroom/token_verifier.hpp>

#include <algorithm>

namespace coroom {
namespace {

constexpr std::size_t forgery = 10;  // number of token checks that a forged token costs

}  // namespace

std::size_t TokenVerifier::cost_of(const TokenFault* fault) const {
  if (fault == nullptr) return cost();
  switch (fault->cause) {
    case TokenCause::signature:
      return forgery * std::max<std::size_t>(cost(), 1);
    case TokenCause::missing:
    case TokenCause::malformed:
    case TokenCause::unknown_key:
    case TokenCause::claim_type:
    case TokenCause::issuer:
    case TokenCause::audience:
    case TokenCause::wrong_kind:
      return 0;  // rejected before the signature is checked
    default:
      return cost();
  }
}

}  // namespace coroom
