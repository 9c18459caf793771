import {
  Bell, Bot, Calendar, CalendarDays, Clock, Cloud, Database, FileKey, Globe, Heart, House, KeyRound, Link, Mail, MapPin, MessageCircle,
  MessageSquareMore, MessageSquareText, MessagesSquare, Phone, Send, Settings, ShoppingCart, Star, User, Zap,
} from '@lucide/svelte';
import type { IconShape } from './Icon.svelte';

export type Glyph = { letter?: string; icon?: IconShape; colour: string };

const glyphs: Record<string, Glyph> = {
  google: { letter: 'G', colour: 'blue' },
  facebook: { letter: 'f', colour: 'indigo' },
  linkedin: { letter: 'in', colour: 'blue' },
  microsoft: { letter: 'M', colour: 'teal' },
  operator: { letter: 'O', colour: 'orange' },
  salesforce: { letter: 'S', colour: 'blue' },
  twitter: { letter: 'X', colour: 'slate' },
  google_service_account: { icon: FileKey, colour: 'blue' },
  twilio: { icon: MessageSquareText, colour: 'red' },
  masvoz: { icon: MessageSquareMore, colour: 'teal' },
  mailgun: { icon: Mail, colour: 'orange' },
  dialogflow: { icon: MessagesSquare, colour: 'orange' },
  '360dialog': { icon: MessageCircle, colour: 'green' },
  pushwoosh: { icon: Bell, colour: 'violet' },
  smtp: { icon: Send, colour: 'slate' },
  calendar: { icon: Calendar, colour: 'teal' },
  oauth2: { icon: Zap, colour: 'violet' },
  secret: { icon: KeyRound, colour: 'slate' },
};

/** Icon names of manifests, mapped to the nearest drawing. */
const named: Record<string, IconShape> = {
  lightning: Zap, zap: Zap, bolt: Zap, key: KeyRound, mail: Mail, email: Mail, envelope: Mail, phone: Phone, calendar: Calendar,
  bell: Bell, chat: MessageCircle, message: MessageCircle, comment: MessageCircle, user: User, person: User, cloud: Cloud, globe: Globe,
  world: Globe, link: Link, database: Database, star: Star, heart: Heart, home: House, clock: Clock, time: Clock, map: MapPin,
  location: MapPin, cart: ShoppingCart, settings: Settings, cog: Settings, gear: Settings, bot: Bot, robot: Bot, send: Send, event: CalendarDays,
};

/** The entry's own icon wins, then the provider's, then the first letter of the provider's name. */
export function glyphOf(provider: string, icon: string): Glyph {
  const own = glyphs[provider] ?? { letter: provider.slice(0, 1).toUpperCase() || '?', colour: 'slate' };
  const wanted = named[icon.toLowerCase()];
  return wanted ? { icon: wanted, colour: own.colour } : own;
}
