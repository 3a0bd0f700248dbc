#pragma once

#include "centrifuge/refusal.hpp"

#include <coroom/client_info.hpp>
#include <coroom/counters.hpp>
#include <coroom/token_fault.hpp>

#include <string_view>

namespace coroom::detail::centrifuge {

/// The faults of one client. Counts each of them, and logs the first of each kind.
class FaultLog {
 public:
  /// Both outlive the log.
  FaultLog(Counters& counters, const SharedClientInfo& client_info)
      : counters_(counters), client_info_(client_info) {}

  /// Notes a violation of the protocol.
  void note_violation(std::string_view cause);

  /// Notes an exceeded limit.
  void note_limit(Counter counter, std::string_view limit);

  /// Notes a rejected token.
  void note_token(const TokenFault& fault);

  /// Notes a refused command, as far as the refusal asks for it.
  void note(const ErrorReply& refusal);

 private:
  enum class Kind : unsigned { violation = 1, limit = 2, token = 4 };

  bool is_first(Kind kind);

  Counters& counters_;
  const SharedClientInfo& client_info_;
  unsigned logged_ = 0;  // the kinds that were logged
};

}  // namespace coroom::detail::centrifuge
