#pragma once

#include "centrifuge/fault_log.hpp"
#include "centrifuge/transport.hpp"

#include <coroom/centrifuge.hpp>
#include <coroom/client_info.hpp>
#include <coroom/clock.hpp>
#include <coroom/disconnect.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <exception>
#include <string>
#include <utility>

namespace coroom::detail::centrifuge {

/// The phases of a client.
enum class ClientPhase { connecting, connected, ended };

/// The state that the parts of one client share, and their way to end the client. Belongs to the client's
/// thread.
class ClientContext {
 public:
  ClientContext(const ClientContext&) = delete;
  ClientContext& operator=(const ClientContext&) = delete;

  /// Ends the client and closes the connection. Does nothing if the client has ended.
  virtual void disconnect(const Disconnect& why) = 0;

  /// Makes a call that no coroutine makes. If the call throws, for example std::bad_alloc, the client is
  /// disconnected: it would wait in vain for the reply.
  template <class Call>
  void call_or_disconnect(Call call) {
    try {
      call();
    } catch (const std::exception& thrown) {
      disconnect_by(thrown);
    }
  }

  [[nodiscard]] Transport& transport() const { return transport_; }
  [[nodiscard]] Encoding encoding() const { return transport_.encoding(); }
  [[nodiscard]] const CentrifugeSettings& settings() const { return settings_; }
  [[nodiscard]] const boost::asio::any_io_executor& executor() const { return executor_; }
  [[nodiscard]] const Clock& clock() const { return clock_; }
  [[nodiscard]] FaultLog& faults() { return faults_; }

  [[nodiscard]] const SharedClientInfo& client_info() const { return client_info_; }

  /// Returns the client info in one channel: with this JSON as its chan_info, unless it is empty.
  [[nodiscard]] SharedClientInfo client_info_with(std::string chan_info) const;

  void set_client_info(SharedClientInfo client_info) { client_info_ = std::move(client_info); }

  [[nodiscard]] ClientPhase phase() const { return phase_; }
  [[nodiscard]] bool has_ended() const { return phase_ == ClientPhase::ended; }

 protected:
  /// The transport, the settings and the clock outlive the client.
  ClientContext(Transport& transport, const CentrifugeSettings& settings, SharedClientInfo client_info,
                boost::asio::any_io_executor executor, const Clock& clock);
  ~ClientContext() = default;

  void set_phase(ClientPhase phase) { phase_ = phase; }

 private:
  void disconnect_by(const std::exception& thrown);

  Transport& transport_;
  const CentrifugeSettings& settings_;
  boost::asio::any_io_executor executor_;
  const Clock& clock_;
  SharedClientInfo client_info_;
  FaultLog faults_;
  ClientPhase phase_ = ClientPhase::connecting;
};

}  // namespace coroom::detail::centrifuge
