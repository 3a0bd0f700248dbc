#pragma once

#include <coroom/counters.hpp>
#include <coroom/token_fault.hpp>
#include <coroom/token_verifier.hpp>

#include <cstddef>
#include <string>

namespace coroom::detail {

/// Logs a rejected token.
void log_refused_token(const std::string& peer, const TokenFault& fault);

/// Returns the cost of a token check, in messages. A token with a wrong signature costs more, so a client
/// that sends many of them soon exceeds its rate. `fault` is nullptr for an accepted token.
std::size_t price_of_check(const TokenVerifier& verifier, const TokenFault* fault);

}  // namespace coroom::detail
