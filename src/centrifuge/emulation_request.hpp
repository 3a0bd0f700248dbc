#pragma once

#include <coroom/error.hpp>

#include <string>
#include <string_view>

namespace coroom::detail::centrifuge {

/// The body of a request to /emulation: commands of a client whose stream is elsewhere.
struct EmulationRequest {
  std::string session;
  std::string node;
  std::string data;  // encoded commands, as in a frame
};

/// Read a body. The error is a sentence for the developer of the client.
///@{
namespace json {
Result<EmulationRequest> read_emulation(std::string_view body);
}
namespace protobuf {
Result<EmulationRequest> read_emulation(std::string_view body);
}
///@}

}  // namespace coroom::detail::centrifuge
