/** The files of the made-up bot. */
export const texts: Record<string, string> = {
  'integrations.yaml': `# Connections of Honcho Desk
- provider: google
  context: user
  alias: google
  scope: openid profile email
  description: Sign in to greet by name

- provider: facebook
  context: user
  alias: facebook

- provider: linkedin
  contxt: user
  scope: r_liteprofile,r_emailaddress
  alias: linkedin
  description: Retrieve contact information

- provider: twilio
  context: bot
  description: Allow bot to send SMS notifications

- provider: google_service_account
  context: bot
  alias: bigquery
  description: Integrate with Google BigQuery API
  scope: https://www.googleapis.com/auth/bigquery

- context: bot
  alias: discord1
  provider: oauth2
  icon: lightning
  title: "Discord"
  description: "An example integration"
  scope: "identify"
  oauth2:
    flow: auth_code
    client_id: "1180423957716004864"
    client_secret: "yyy"
    authorize_url: https://discord.com/oauth2/authorize
    token_url: https://discord.com/api/oauth2/token

- provider: mailgun
  context: bot

- provider: dialogflow
  context: bot

- provider: microsoft
  context: bot
  alias: outlook
  scope: Calendars.ReadWrite

- provider: secret
  alias: myapi_key
  context: bot
  description: API key for myapi.com

- provider: secret
  alias: weather_key
  context: bot
  description: Weather lookups for room planning

- provider: secret
  alias: helpdesk_api_key
  context: bot
  description: Creates tickets in the help desk

- provider: secret
  alias: maps_key
  context: bot
  description: Static maps in location cards
`,
  'skills/booking/integrations.yaml': `- provider: calendar
  context: bot
  alias: booking
  title: Booking
`,
  'skills/whatsapp/integrations.yaml': `- provider: 360dialog
  context: bot
  alias: dialog
`,
  'main.bubble': `# Show a secret, masked until somebody asks for it
dialog main do
  token = get_access_token(bot.tokens.myapi_key)
  say "Your token is: " + token
  name = ask "What should I call you?"
  log "asked " + name
  say "Hello #{name}"
  invoke weather
end
`,
  'login.bubble': `# Ask the user to sign in, then greet by name
dialog main do
  buttons "You need to login to continue" do
    "Login with Google" ->
      open "#{oauth_link("google")}"
    "Login with Facebook" ->
      open "#{oauth_link("facebook")}"
  end
end

dialog event: "token:google" do
  say "Thank you for logging in."
  info = get_token_info(event.payload)
  user.first_name = info.first_name
  user.profile_picture = info.image
  remember user
  invoke menu
end

dialog menu do
  message = ask "What should I post, #{user.first_name}?"
  token = get_access_token(bot.tokens.myapi_keys)
  say "Your token is: " + token
  http_post "https://graph.facebook.com/v2.11/me/feed",
    form: [message: message]
  if http.status_code == 200 do
    say "Post created!"
  else
    say "Something went wrong, check your logs."
  end
end
`,
  'weather.bubble': `dialog weather do
  key = get_access_token(bot.tokens.weather_key)
  r = http_get "https://api.example.test/now?q=Leiden", headers: ["Authorization": "Bearer " + key]
  say "It is #{r.body.temp} degrees"
end
`,
  'skills/booking/booking.bubble': `dialog booking do
  slot = ask "Which time suits you?"
  say "Booked at #{slot}"
end
`,
  'rooms.yaml': `rooms:
  - name: Big room
    seats: 12
`,
};
