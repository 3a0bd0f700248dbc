#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace coroom::test {

/// The behaviour of one attacker on its connection.
struct AttackScript {
  /// The point at which the attacker disconnects, if any.
  enum class Leaves { never, once_opened, once_sent, once_received };

  std::string opening;   // sent on connect
  std::string message;   // sent after the upgrade, if `opening` asks for one
  std::string repeated;  // sent after that, repeatedly

  /// The interval between single bytes of `repeated`. 0 sends as much as the socket accepts.
  std::chrono::milliseconds interval{0};

  bool reads = true;
  int receive_buffer = 0;  // bytes; 0: the system's default
  Leaves leaves = Leaves::never;
  bool by_reset = true;     // RST in place of FIN
  bool reconnects = false;  // reconnects after each end
};

}  // namespace coroom::test
