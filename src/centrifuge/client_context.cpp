#include "centrifuge/client_context.hpp"

#include "centrifuge/codes.hpp"

#include <coroom/log.hpp>

#include <memory>

namespace coroom::detail::centrifuge {

ClientContext::ClientContext(Transport& transport, const CentrifugeSettings& settings,
                             SharedClientInfo client_info, boost::asio::any_io_executor executor,
                             const Clock& clock)
    : transport_(transport),
      settings_(settings),
      executor_(std::move(executor)),
      clock_(clock),
      client_info_(std::move(client_info)),
      faults_(transport.counters(), client_info_) {}

SharedClientInfo ClientContext::client_info_with(std::string chan_info) const {
  if (chan_info.empty()) return client_info_;
  auto client_info = std::make_shared<ClientInfo>(*client_info_);
  client_info->chan_info = std::move(chan_info);
  return client_info;
}

void ClientContext::disconnect_by(const std::exception& thrown) {
  logging::error("cannot reply to a client", {{"peer", client_info_->address}, {"error", thrown.what()}});
  disconnect(disconnect::internal);
}

}  // namespace coroom::detail::centrifuge
