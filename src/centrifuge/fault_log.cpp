#include "centrifuge/fault_log.hpp"

#include "core/refused_token.hpp"

#include <coroom/log.hpp>

#include <utility>

namespace coroom::detail::centrifuge {

void FaultLog::note_violation(std::string_view cause) {
  counters_.add(Counter::protocol_errors);
  if (is_first(Kind::violation))
    logging::info("centrifuge violation", {{"peer", client_info_->address}, {"cause", cause}});
}

void FaultLog::note_limit(Counter counter, std::string_view limit) {
  counters_.add(counter);
  if (is_first(Kind::limit))
    logging::info("limit exceeded", {{"peer", client_info_->address}, {"limit", limit}});
}

void FaultLog::note_token(const TokenFault& fault) {
  counters_.add(fault.cause);
  if (is_first(Kind::token)) log_refused_token(client_info_->address, fault);
}

void FaultLog::note(const ErrorReply& refusal) {
  if (!refusal.counter) return;
  if (!refusal.limit.empty()) return note_limit(*refusal.counter, refusal.limit);
  counters_.add(*refusal.counter);
}

bool FaultLog::is_first(Kind kind) {
  const auto bit = static_cast<unsigned>(kind);
  return (std::exchange(logged_, logged_ | bit) & bit) == 0;
}

}  // namespace coroom::detail::centrifuge
