#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace coroom::test {

/// What one attacker does with its connection, from beginning to end.
struct AttackScript {
  /// When it leaves by itself, if it does.
  enum class Leaves { never, once_opened, once_said, once_heard };

  std::string opening;  // as soon as it is connected
  std::string says;     // when the server has upgraded; nothing if `opening` asks for no upgrade
  std::string goes_on;  // after that, over and over

  /// A byte of `goes_on` at a time; 0: as much as the socket takes.
  std::chrono::milliseconds pace{0};

  bool reads = true;
  int receive_buffer = 0;  // bytes; 0: the system's own
  Leaves leaves = Leaves::never;
  bool by_reset = true;     // RST, and not FIN
  bool comes_back = false;  // with a new connection, whoever ended the last one
};

}  // namespace coroom::test
