#pragma once

#include <coroom/counters.hpp>
#include <coroom/token_fault.hpp>
#include <coroom/token_verifier.hpp>

#include <cstddef>
#include <string>

namespace coroom::detail {

/// Writes the log's line for a token that was refused.
void log_refused_token(const std::string& peer, const TokenFault& fault);

/// Returns what the check of a token costs its sender, in messages. A token that the key has not signed costs
/// more: a client that sends one after the other is soon too fast. `fault` is null for a token that was
/// taken.
std::size_t price_of_check(const TokenVerifier& verifier, const TokenFault* fault);

}  // namespace coroom::detail
