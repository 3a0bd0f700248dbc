#include "core/refused_token.hpp"

#include <coroom/log.hpp>

namespace coroom::detail {

void log_refused_token(const std::string& peer, const TokenFault& fault) {
  const char* const cause = token_cause_names.at(static_cast<std::size_t>(fault.cause));
  if (fault.detail.empty()) {
    logging::info("token refused", {{"peer", peer}, {"cause", cause}});
  } else {
    logging::info("token refused", {{"peer", peer}, {"cause", cause}, {"detail", fault.detail}});
  }
}

}  // namespace coroom::detail
