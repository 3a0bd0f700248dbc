#pragma once

#include <coroom/token_fault.hpp>

#include <string>

namespace coroom::detail {

/// Logs a rejected token.
void log_refused_token(const std::string& peer, const TokenFault& fault);

}  // namespace coroom::detail
