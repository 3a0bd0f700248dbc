#pragma once

#include <coroom/cookie_options.hpp>
#include <coroom/error.hpp>
#include <coroom/http_error.hpp>
#include <coroom/request.hpp>
#include <coroom/sent.hpp>
#include <coroom/task.hpp>

#include <boost/json/value.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coroom {

class Application;
class StaticFileHandler;
namespace detail::application {
class Dispatcher;
class HandlerContext;
class RequestContext;
}  // namespace detail::application

/// Answers one HTTP request. A program derives a class from it for each route, and overrides the methods that
/// the route answers (Tornado: RequestHandler).
///
/// The application creates a handler for each request. Its functions are called one after the other, on the
/// thread of the connection. The handler exists until its response has been sent or its session has ended,
/// and never longer than the application. When the connection is lost, or the drain timeout of a stop is
/// over, the handler's pending operation is cancelled.
///
/// A handler that throws HttpError answers with that error. Any other exception answers 500 and writes a log
/// line. A response that was already complete is sent unchanged. A response with 401, 403 or 429 closes the
/// connection.
///
/// In a constructor there is no request yet: functions that use the request or the response throw
/// std::logic_error there. Functions that change the response throw it as soon as the response is complete:
/// after finish(), render(), redirect() or send_error(), and from ConnectionHandler::open() on.
///
/// A program that calls set_cookie(), clear_cookie(), render(), render_string() or static_url() links
/// coroom::web.
class RequestHandler {
 public:
  RequestHandler();
  RequestHandler(const RequestHandler&) = delete;
  RequestHandler& operator=(const RequestHandler&) = delete;
  virtual ~RequestHandler();

  /// Called first, for a request of any method (Tornado: prepare). If it completes the response, by
  /// send_error(), redirect() or finish(), get() and the like are not called.
  virtual task<> prepare();

  /// Answers a request of the method of this name (Tornado: get, post and so on). HEAD calls get(), and the
  /// body is not sent. Unless overridden, options() answers 204 with the field Allow (RFC 9110 section
  /// 9.3.7), and each other method answers 405.
  ///@{
  virtual task<> get();
  virtual task<> post();
  virtual task<> put();
  virtual task<> patch();
  virtual task<> delete_();  ///< DELETE; `delete` is a keyword of C++
  virtual task<> options();
  ///@}

  /// Called when the response is complete and is about to be sent (Tornado: on_finish). Not called if the
  /// handler has thrown, or if the request has opened a session.
  virtual void on_finish() {}

  /// Called when the response has been sent, or when the connection has ended before that (Tornado:
  /// log_request). Access logs are written here. request() is valid, without its body. Not called if the
  /// request has opened a session. An exception that it throws is logged.
  virtual void on_sent(const Sent& sent);

 protected:
  /// Sets fields that every response of the handler has, by set_header(). Called before prepare(), and again
  /// for a response with an error (Tornado: set_default_headers).
  virtual void set_default_headers() {}

  /// Writes the fields and the body of a response with an error (Tornado: write_error). The status and the
  /// fields of the error are already set. Unless overridden, the body is error.reason() as plain text. If it
  /// throws, the exception is logged and the response is plain text.
  virtual void write_error(const HttpError& error);

  /// Returns the request; for a connection, the request that opened it. Valid as long as the handler,
  /// or until ConnectionHandler::release_request().
  [[nodiscard]] const Request& request() const;

  /// Returns the application that the route belongs to. It outlives the handler.
  [[nodiscard]] Application& application() const;

  /// Returns the matches of the groups in the route's pattern, percent-decoded (Tornado: path_args).
  [[nodiscard]] const std::vector<std::string>& path_arguments() const;

  /// Returns the last value of an argument, from the query and then from a form in the body. If there is
  /// none, returns `fallback` or nullopt. (Tornado: get_argument, which also strips white space.)
  ///@{
  [[nodiscard]] std::optional<std::string> get_argument(std::string_view name) const;
  [[nodiscard]] std::string get_argument(std::string_view name, std::string_view fallback) const;
  ///@}

  /// Returns all values of an argument in order, those of the query first (Tornado: get_arguments).
  [[nodiscard]] std::vector<std::string> get_arguments(std::string_view name) const;

  /// Returns the first cookie of this name in the request, or nullopt (Tornado: get_cookie).
  [[nodiscard]] std::optional<std::string> get_cookie(std::string_view name) const;

  /// Charges the client's address for an expensive request, as if it had sent this many messages more
  /// (ResourceLimits::address_rate_limit). If the budget is used up, nothing is charged; the next request of
  /// the address gets 429 in any case.
  void charge(std::size_t messages);

  /// Sets the status code of the response, from 200 to 599 (RFC 9110 section 15); the default is 200
  /// (Tornado: set_status).
  ///
  /// Throws: std::invalid_argument for any other code.
  void set_status(unsigned status);

  /// Returns the current status code of the response (Tornado: get_status).
  [[nodiscard]] unsigned status() const;

  /// Set a field of the response (Tornado: set_header, add_header). set_header() replaces all fields of this
  /// name, and add_header() adds one more.
  ///
  /// Throws: std::invalid_argument if the name is not a token, or if the value has a line break or another
  /// control character (RFC 9110 section 5). Also if both together are longer than 16 KiB.
  ///@{
  void set_header(std::string name, std::string value);
  void add_header(std::string name, std::string value);
  ///@}

  /// Removes all fields of this name from the response (Tornado: clear_header).
  void clear_header(std::string_view name);

  /// Sets a cookie, in place of one that this response sets under the same name (Tornado: set_cookie).
  /// Cookies are also sent with an error and with a redirect.
  ///
  /// Throws: std::invalid_argument for a cookie that RFC 6265bis section 4.1 does not allow. White space,
  /// commas, semicolons, quotes, backslashes and non-ASCII characters in a value must be encoded.
  /// SameSite::none and the prefixes of section 4.1.3, `__Secure-` and `__Host-`, require the options that
  /// belong to them, such as `secure`.
  void set_cookie(std::string_view name, std::string_view value, const CookieOptions& options = {});

  /// Makes the browser delete a cookie that was set with this path and domain (Tornado: clear_cookie).
  ///
  /// Throws: std::invalid_argument as set_cookie() does.
  void clear_cookie(std::string_view name, std::string_view path = "/", std::string_view domain = {});

  /// Appends to the body of the response (Tornado: write). Text is sent as HTML and a JSON value as JSON,
  /// unless Content-Type is set. The body is sent when the handler's method has ended.
  ///@{
  void write(std::string_view text);
  void write(const boost::json::value& value);
  void write(const char* text) { write(std::string_view(text)); }
  ///@}

  /// Renders a template into the body and finishes the response (Tornado: render). It is sent as HTML unless
  /// Content-Type is set. `name` is a file below WebSiteSettings::template_path, written in mustache. Names
  /// in the template refer to members of `context`:
  /// - `{{name}}` inserts a text or a number, with the special characters of HTML escaped; `{{{name}}}` does
  ///   not escape.
  /// - `{{#list}}…{{/list}}` repeats for each item of an array. For any other value it appears once, unless
  ///   the value is false, null or empty.
  /// - `{{^list}}…{{/list}}` appears in the other cases.
  /// - `{{> file}}` includes another template, and `{{static_url('path')}}` calls static_url().
  ///
  /// A template is read when it is first used, in debug mode each time.
  ///
  /// Throws: std::runtime_error for the errors of render_string().
  void render(std::string_view name, const boost::json::value& context = {});

  /// Returns the text that render() would write (Tornado: render_string).
  ///
  /// Errors: the template does not exist, is outside the folder, does not parse, or includes itself; or
  /// Settings::site or WebSiteSettings::template_path is empty. The message names the file.
  [[nodiscard]] Result<std::string> render_string(std::string_view name,
                                                  const boost::json::value& context = {}) const;

  /// Returns the URL path of a file below WebSiteSettings::static_path, with a hash of its content, so that
  /// browsers cache it until it changes (Tornado: static_url). If there is no such file, the URL has no hash.
  /// The hash is computed once, in debug mode each time.
  ///
  /// Throws: std::logic_error if Settings::site or WebSiteSettings::static_path is empty.
  [[nodiscard]] std::string static_url(std::string_view path) const;

  /// Finishes the response as a redirect: 302, or 301 if it is permanent (Tornado: redirect).
  ///
  /// Throws: std::invalid_argument as set_header() does.
  void redirect(std::string url, bool permanent = false);

  /// Finishes the response with an error, which write_error() writes in place of the body so far (Tornado:
  /// send_error). Fields that were set stay, except those that describe the body, such as Content-Type, ETag
  /// and Cache-Control. `headers` are set in addition. `reason` is a sentence for the client and for the log;
  /// if it is empty, the standard phrase of the status is used.
  ///
  /// Throws: std::invalid_argument if the status is not from 400 to 599, or as set_header() does.
  void send_error(unsigned status, std::string_view reason = {}, const Headers& headers = {});

  /// Completes the response (Tornado: finish). It is sent when the current method has ended. From then on,
  /// functions that change the response throw std::logic_error. In prepare(), it prevents the call of the
  /// method.
  void finish();

  /// Returns whether the response is complete. Returns false in a session.
  [[nodiscard]] bool finished() const;

 private:
  /// Answers with an error, in any state of the response.
  void answer_error(const HttpError& error);

  friend class detail::application::Dispatcher;
  friend class StaticFileHandler;

  friend class ConnectionHandler;

  /// Throws: std::logic_error in a constructor.
  [[nodiscard]] detail::application::HandlerContext& handler_context() const;

  /// Throws: std::logic_error in a constructor, and once the request is released.
  [[nodiscard]] detail::application::RequestContext& request_context() const;

  /// Throws: std::logic_error in a constructor, and if the response is complete.
  [[nodiscard]] detail::application::RequestContext& unanswered() const;

  std::unique_ptr<detail::application::HandlerContext> context_;  // nullptr in a constructor
};

}  // namespace coroom
